import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { detectGapsInFile, reconcile } from '@firstword/calls';
import { readWav } from '@firstword/local';
import { isCallRecord, parseTurnRecord, type TurnRecord } from '@firstword/turn';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Cli, childrenOf, finished, firstword, isRunning } from './support/cli.js';
import { expectSumsToGap, onlyFile, recordsIn } from './support/records.js';
import { tempDir } from './support/temp.js';

/** Largest difference between the record and the independently measured tape at p95, ms. */
const MOST_DIFFERENCE_MS = 25;

function start(args: readonly string[], options: { env?: NodeJS.ProcessEnv } = {}): Cli {
  const cli = firstword(args, options);
  onTestFinished(() => cli.kill());
  return cli;
}

const run = (...args: string[]) => finished(start(args));

/** Starts a long demo and waits for its first record. */
async function startedDemo(out: string): Promise<{ cli: Cli; first: TurnRecord }> {
  const cli = start(['demo', '--turns', '6', '--json', '--out', out]);
  const line = await cli.stdout.until('first record', () => true, { withinMs: 120_000 });
  return { cli, first: parseTurnRecord(line) };
}

describe('firstword demo --json', () => {
  it('answers every turn once with the levers on, and records what was speculated', async () => {
    const out = await tempDir();
    const { code, stdout } = await run('demo', '--low-latency', '--turns', '3', '--json', '--out', out);
    expect(code).toBe(0);
    const lines = stdout.split('\n');
    expect(JSON.parse(lines.pop()!)).toMatchObject({ caller: { turns: 3, lost: 0, answeredTwice: 0 } });
    const records = lines.map(parseTurnRecord);
    const heard = records.filter(({ feltGapMs }) => feltGapMs !== undefined);
    expect(heard).toHaveLength(3);
    for (const record of heard) expectSumsToGap(record);
    // "Great." may be committed as a turn of its own; the caller then continues and interrupts its answer.
    for (const record of records) expect(record.interrupted).toBe(!heard.includes(record));
    expect(records.some((record) => record.speculation!.started > 0)).toBe(true);
    // Leading silence is trimmed to a margin of 20 ms; the detection window adds a few ms.
    for (const { segments } of heard) {
      expect(segments.find((s) => s.name === 'leading silence')?.durationMs ?? 0).toBeLessThanOrEqual(25);
    }
  });

  it('plays a call and writes valid records that sum to the gap, a tape that agrees with them, and a summary', async () => {
    const out = await tempDir();
    const { code, stdout } = await run('demo', '--turns', '3', '--seed', '7', '--json', '--out', out);
    expect(code).toBe(0);

    const lines = stdout.split('\n');
    const summary = JSON.parse(lines.pop()!);
    const records = lines.map(parseTurnRecord);
    expect(records.map((record) => record.turn)).toEqual([1, 2, 3]);
    for (const record of records) {
      expectSumsToGap(record);
      expect(record.llm?.emulated).toBe(true);
    }
    expect(summary).toMatchObject({
      type: 'summary',
      stopped: false,
      llm: { emulated: true },
      caller: { turns: 3, lost: 0, answeredTwice: 0 },
      records: { turns: 3 },
      tape: { turns: 3, notOnTape: [] },
    });

    const recordsPath = await onlyFile(out, '.jsonl');
    const tapePath = await onlyFile(out, '.wav');
    expect(summary.files).toEqual({ records: recordsPath, tape: tapePath });
    const stored = (await readFile(recordsPath, 'utf8')).trimEnd().split('\n');
    expect(stored.filter((line) => !isCallRecord(line))).toEqual(lines);

    const tape = readWav(await readFile(tapePath));
    expect(tape.channels).toHaveLength(2);
    for (const channel of tape.channels) expect(channel.some((sample) => Math.abs(sample) > 1000)).toBe(true);
    const { pairs } = reconcile(records, (await detectGapsInFile(tapePath)).turns);
    expect(pairs).toHaveLength(3);
    expect(summary.tape.differenceP95Ms).toBeLessThanOrEqual(MOST_DIFFERENCE_MS);
    // With three turns, a p95 is not meaningful: all of them must agree.
    for (const { differenceMs } of pairs)
      expect(Math.abs(differenceMs)).toBeLessThanOrEqual(MOST_DIFFERENCE_MS);
  });
});

describe('firstword demo', () => {
  it('prints ledgers, says what is emulated, and uses no colour without a terminal', async () => {
    const out = await tempDir();
    const { code, stdout, stderr } = await run('demo', '--turns', '1', '--out', out);
    expect(code).toBe(0);
    expect(stdout).toMatch(/emulated/);
    expect(stdout).toMatch(/Caller {2}\S/);
    expect(stdout).toMatch(/Agent {3}\S/);
    const [record] = await recordsIn(await onlyFile(out, '.jsonl'));
    for (const { name, durationMs } of record!.segments) if (durationMs >= 5) expect(stdout).toContain(name);
    expect(stdout).toContain(await onlyFile(out, '.wav'));
    expect(stdout + stderr).not.toContain('\x1b');
  });

  it('stops on Ctrl-C during a call: exit code 130, no process left, complete files', async () => {
    const out = await tempDir();
    const { cli, first } = await startedDemo(out);
    const children = childrenOf(cli.pid);
    expect(children.length).toBeGreaterThan(0);
    cli.signal('SIGINT');
    expect(await cli.ended).toEqual({ code: 130, signal: null });
    expect(children.filter((child) => isRunning(child.pid))).toEqual([]);

    const text = await readFile(await onlyFile(out, '.jsonl'), 'utf8');
    expect(text.endsWith('\n')).toBe(true);
    const records = text
      .trimEnd()
      .split('\n')
      .filter((line) => !isCallRecord(line))
      .map(parseTurnRecord);
    expect(records[0]).toEqual(first);
    const { turns } = await detectGapsInFile(await onlyFile(out, '.wav'));
    expect(reconcile([first], turns).pairs).toHaveLength(1);
    expect(JSON.parse(cli.stdout.all.at(-1)!)).toMatchObject({ type: 'summary', stopped: true });
  });

  it('keeps the records written so far when killed, and leaves no process behind', async () => {
    const out = await tempDir();
    const { cli, first } = await startedDemo(out);
    const path = await onlyFile(out, '.jsonl');
    const children = childrenOf(cli.pid);
    await cli.kill();
    expect((await recordsIn(path))[0]).toEqual(first);
    const tape = readWav(await readFile(await onlyFile(out, '.wav')));
    expect(tape.channels).toHaveLength(2);
    await expect
      .poll(() => children.filter((child) => isRunning(child.pid)), { timeout: 20_000 })
      .toEqual([]);
  });
});

describe('invalid usage', () => {
  it('with an unknown profile lists the profiles, exit code 2', async () => {
    const { code, stderr } = await run('demo', '--profile', 'no-such-llm');
    expect(code).toBe(2);
    expect(stderr).toContain('no-such-llm');
    expect(stderr).toContain('groq-gpt-oss-120b');
    expect(stderr).toContain('gpt-4o-mini');
  });

  it.each([
    ['demo', '--turns', '1'],
    ['studio', '--port', '0'],
  ])(
    'of firstword %s with an unwritable --out prints a message without a stack trace, exit code 1',
    async (...args) => {
      const file = join(await tempDir(), 'a-file');
      await writeFile(file, '');
      const { code, stderr } = await run(...args, '--out', join(file, 'below'));
      expect(code).toBe(1);
      expect(stderr).toContain(file);
      expect(stderr).toMatch(/choose a folder/i);
      expect(stderr).not.toMatch(/^\s+at /m);
    },
  );

  it.each([
    ['missing', async () => {}],
    [
      'damaged',
      async (dir: string) => {
        for (const name of ['encoder_model.onnx', 'decoder_model_merged.onnx']) {
          await writeFile(join(dir, name), 'not a model');
        }
      },
    ],
  ])(
    'of firstword demo with a %s speech model names the file and what to do, exit code 1',
    async (_what, prepare) => {
      const dir = await tempDir();
      await prepare(dir);
      const env = { FIRSTWORD_STT_MODEL_DIR: dir };
      const { code, stderr } = await finished(start(['demo', '--out', join(dir, 'out')], { env }));
      expect(code).toBe(1);
      expect(stderr).toContain(dir);
      expect(stderr).toMatch(/missing or damaged.*Put .*Moonshine tiny/);
      expect(stderr).not.toMatch(/^\s+at /m);
    },
  );

  it.each(['0', '-1', '2.5', 'many', ''])(
    'with --turns "%s" names the option and its range, exit code 2',
    async (turns) => {
      const { code, stderr } = await run('demo', `--turns=${turns}`);
      expect(code).toBe(2);
      expect(stderr).toContain('--turns');
      expect(stderr).toContain('1 to 1000');
    },
  );

  it('with an unknown command suggests a similar one, exit code 2', async () => {
    const { code, stderr } = await run('dmeo');
    expect(code).toBe(2);
    expect(stderr).toContain('demo');
  });
});

describe('help and version', () => {
  it.each([
    [['--help']],
    [['demo', '--help']],
    [['studio', '--help']],
    [['emulate', '--help']],
    [['gateway', '--help']],
  ])('firstword %j prints its usage with an example', async (args) => {
    const { code, stdout, stderr } = await run(...args);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Usage: firstword/);
    expect(stdout).toMatch(/\$ (npx firstword|npm start)/);
    expect(stderr).toBe('');
  });

  it('firstword --version prints the version of the package', async () => {
    const { code, stdout } = await run('--version');
    const cliPackage = new URL('../../packages/firstword/package.json', import.meta.url);
    const { version } = JSON.parse(await readFile(cliPackage, 'utf8'));
    expect(code).toBe(0);
    expect(stdout).toBe(version);
  });
});
