import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readRun } from '@firstword/provider-bench';
import { expect, it, onTestFinished } from 'vitest';
import { type Cli, type CliOptions, finished, firstword } from './support/cli.js';
import { tempDir } from './support/temp.js';

const TURNS = 240;
/** Some seconds long, so that there is a middle to be stopped in. */
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

/** Lines of a journal so far. */
const linesOf = async (path: string) => (await readFile(path, 'utf8').catch(() => '')).split('\n').length;

/** Resolves when some of the run is on the disk. */
async function underWay(file: string): Promise<void> {
  while ((await linesOf(`${file}.part`)) < 40) await sleep(50);
}

/** Goes on with a run, and expects each of its requests once. */
async function goneOnWith(file: string): Promise<void> {
  expect((await finished(bench(['--resume', file]))).code).toBe(0);
  const { samples, partial } = await readRun(file);
  expect(partial).toBeUndefined();
  expect(samples.map(({ index }) => index).sort((a, b) => a - b)).toEqual([...Array(TURNS).keys()]);
}

it('shows and keeps what it has at Ctrl-C, and goes on from there', async () => {
  const file = join(await tempDir(), 'run.json');
  const cli = bench([...PLAN, '--out', file]);
  await underWay(file);
  cli.signal('SIGINT');
  const { code, stdout, stderr } = await finished(cli);
  expect(code).toBe(130);
  expect(stdout).toContain('Partial: Stopped after');
  expect(stdout).toContain('Time to first content');
  expect(stderr).toContain(`Continue with: firstword bench --resume ${file}`);
  const { samples, partial } = await readRun(file);
  expect(partial?.reason).toBe('stopped');
  expect(samples.length).toBeGreaterThan(10);
  await goneOnWith(file);
});

it('has kept its samples when it was killed: they can be shown, and gone on from', async () => {
  const file = join(await tempDir(), 'run.json');
  const cli = bench([...PLAN, '--out', file]);
  await underWay(file);
  cli.signal('SIGKILL');
  await cli.ended;
  const again = await finished(bench([...PLAN, '--out', file]));
  expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('was interrupted') });
  const shown = await finished(bench(['--show', file]));
  expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining('Ended without a word after') });
  await goneOnWith(file);
});

it.skipIf(process.platform === 'win32')(
  'stops asking when nothing can be kept any more, and shows what it has',
  async () => {
    const file = join(await tempDir(), 'run.json');
    // Files of at most 48 kB: to the process, a disk that is full.
    const by = ['bash', '-c', 'ulimit -f 48; exec "$@"', 'bash'];
    const { code, stdout, stderr } = await finished(bench([...PLAN, '--out', file], { by }));
    expect(code).toBe(1);
    expect(stdout).toMatch(/Partial: The samples could not be kept any more after \d+ of 240 requests/);
    expect(stdout).toContain('Time to first content');
    expect(stderr).toContain(`cannot be written to ${file}`);
    const { samples, partial } = await readRun(file);
    expect(partial?.reason).toBe('crashed');
    expect(samples.length).toBeGreaterThan(10);
    expect(samples.length).toBeLessThan(TURNS);
    await goneOnWith(file);
  },
);
