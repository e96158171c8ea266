import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readRun } from '@firstword/provider-bench';
import { expect, it, onTestFinished } from 'vitest';
import { type Cli, type CliOptions, finished, firstword } from './support/cli.js';
import { tempDir } from './support/temp.js';

const TURNS = 240;
/** Arguments of a run that takes some seconds, so that it can be stopped midway. */
const PLAN = [
  'emulated:instant',
  '-n',
  String(TURNS),
  '--pace',
  '40',
  '--warm-up',
  '0',
  '--system-tokens',
  '20',
];

function bench(args: readonly string[], options: CliOptions = {}): Cli {
  const cli = firstword(['bench', ...args], options);
  onTestFinished(() => cli.kill());
  return cli;
}

/** Number of lines in a journal. */
const linesOf = async (path: string) => (await readFile(path, 'utf8').catch(() => '')).split('\n').length;

/** Resolves when part of the run is on disk. */
async function underWay(file: string): Promise<void> {
  while ((await linesOf(`${file}.part`)) < 40) await sleep(50);
}

/** Resumes a run and expects each of its requests exactly once. */
async function expectResumable(file: string): Promise<void> {
  expect((await finished(bench(['--resume', file]))).code).toBe(0);
  const { samples, partial } = await readRun(file);
  expect(partial).toBeUndefined();
  expect(samples.map(({ index }) => index).sort((a, b) => a - b)).toEqual([...Array(TURNS).keys()]);
}

it('shows and saves its samples at Ctrl-C, and can be resumed', async () => {
  const file = join(await tempDir(), 'run.json');
  const cli = bench([...PLAN, '--out', file]);
  await underWay(file);
  cli.signal('SIGINT');
  const { code, stdout, stderr } = await finished(cli);
  expect(code).toBe(130);
  expect(stdout).toContain('Partial: Stopped after');
  expect(stdout).toContain('Time to first content');
  expect(stderr).toContain(`Resume with: firstword bench --resume ${file}`);
  const { samples, partial } = await readRun(file);
  expect(partial?.reason).toBe('stopped');
  expect(samples.length).toBeGreaterThan(10);
  await expectResumable(file);
});

it('has saved its samples when killed; they can be shown, and the run can be resumed', async () => {
  const file = join(await tempDir(), 'run.json');
  const cli = bench([...PLAN, '--out', file]);
  await underWay(file);
  cli.signal('SIGKILL');
  await cli.ended;
  const again = await finished(bench([...PLAN, '--out', file]));
  expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('was interrupted') });
  const shown = await finished(bench(['--show', file]));
  expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining('Crashed after') });
  await expectResumable(file);
});

it.skipIf(process.platform === 'win32')(
  'stops sending when samples cannot be saved, and shows those it has',
  async () => {
    const file = join(await tempDir(), 'run.json');
    // A limit of 48 kB per file simulates a full disk.
    const by = ['bash', '-c', 'ulimit -f 48; exec "$@"', 'bash'];
    const { code, stdout, stderr } = await finished(bench([...PLAN, '--out', file], { by }));
    expect(code).toBe(1);
    expect(stdout).toMatch(/Partial: Samples could no longer be written after \d+ of 240 requests/);
    expect(stdout).toContain('Time to first content');
    expect(stderr).toContain(`cannot be written to ${file}`);
    const { samples, partial } = await readRun(file);
    expect(partial?.reason).toBe('crashed');
    expect(samples.length).toBeGreaterThan(10);
    expect(samples.length).toBeLessThan(TURNS);
    await expectResumable(file);
  },
);
