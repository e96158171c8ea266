import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ManualClock } from '@firstword/turn';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { LatencyObservation } from '../policy/latency/window.js';
import { router } from '../router.js';
import { memoryConformance } from '../testing/memory-conformance.js';
import { HELLO, readAll } from '../testing/read.js';
import { answer, run, scriptedModel } from '../testing/scripted-model.js';
import { latencyFile } from './latency-file.js';

let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'firstword-latency-'));
  path = join(dir, 'deep', 'times.jsonl');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

memoryConformance('latencyFile', () => {
  const place = mkdtempSync(join(tmpdir(), 'firstword-latency-'));
  return {
    open: () => latencyFile(join(place, 'times.jsonl'), { pollMs: 10 }),
    remove: async () => rmSync(place, { recursive: true, force: true }),
  };
});

const answered = (ms: number): LatencyObservation => ({
  ms,
  censored: false,
  informative: true,
  lostRace: false,
  context: {},
});
const timesOf = (model: string, from = path) =>
  latencyFile(from)
    .load(model)
    .map(({ ms }) => ms);
const written = (lines: number) =>
  vi.waitFor(() => expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(lines + 1));

test('a process starts with what other processes measured, per model', async () => {
  const [one, other] = [latencyFile(path), latencyFile(path)];
  one.append('a/x', answered(100));
  other.append('a/x', answered(200));
  other.append('b/y', answered(300));
  await written(3);
  expect(timesOf('a/x').sort()).toEqual([100, 200]);
  expect(timesOf('b/y')).toEqual([300]);
  expect(timesOf('c/z')).toEqual([]);
});

test('every kind of request is restored unchanged', async () => {
  const ending = fc.constantFrom(
    { censored: false, informative: true, lostRace: false },
    { censored: true, informative: true, lostRace: true },
    { censored: true, informative: false, lostRace: true },
    { censored: true, informative: false, lostRace: false },
  );
  const context = fc.record(
    {
      duplicate: fc.constant(true as const),
      awaited: fc.constant(false as const),
      priorWaitMs: fc.integer({ min: -500, max: 9_000 }).filter((ms) => ms !== 0),
    },
    { requiredKeys: [] },
  );
  const kinds = fc.tuple(fc.nat(10_000), ending, context);
  const seen = fc.sample(kinds, 300).map(([ms, kind, where]) => ({ ms, ...kind, context: where }));
  const file = latencyFile(path);
  for (const one of seen) file.append('a/x', one);
  await written(seen.length);
  expect(latencyFile(path).load('a/x')).toEqual(seen);
});

test('ignores lines that are damaged, foreign, too old or dated in the future', () => {
  const nowMs = Date.now();
  writeFileSync(
    join(dir, 'times.jsonl'),
    [
      JSON.stringify({ at: nowMs - 2 * 86_400_000, model: 'a/x', ms: 1 }),
      JSON.stringify({ at: nowMs, model: 'a/x', ms: 2 }),
      '{"at":17,"mod',
      'null',
      '[]',
      JSON.stringify({ at: nowMs, model: 'a/x', ms: 'soon' }),
      JSON.stringify({ at: nowMs, model: 'a/x', ms: -3 }),
      JSON.stringify({ at: nowMs, model: 'a/x', ms: 4 }),
      JSON.stringify({ at: nowMs + 3_600_000, model: 'a/x', ms: 5 }),
      '',
    ].join('\n'),
  );
  expect(timesOf('a/x', join(dir, 'times.jsonl'))).toEqual([2, 4]);
});

test('rewrites a large file with the newest lines when it is opened, and leaves no temporary file', async () => {
  const file = latencyFile(path);
  for (let ms = 1; ms <= 2_000; ms += 1) file.append('a/x', answered(ms));
  file.append('b/y', answered(7));
  await written(2_001);
  const grown = statSync(path).size;
  expect(latencyFile(path, { maxBytes: 1_000 }).load('a/x')).toHaveLength(800);
  expect(statSync(path).size).toBeLessThan(grown / 2);
  expect(timesOf('a/x').at(-1)).toBe(2_000);
  expect(timesOf('b/y')).toEqual([7]);
  expect(readdirSync(join(dir, 'deep'))).toEqual(['times.jsonl']);
});

test('a large file that cannot be rewritten is read all the same', async () => {
  const nowMs = Date.now();
  const lines = Array.from({ length: 400 }, (_, ms) => JSON.stringify({ at: nowMs, model: 'a/x', ms }));
  const file = join(dir, 'times.jsonl');
  writeFileSync(file, `${lines.join('\n')}\n`);
  // A folder in the way of the temporary file stands for a full disk.
  mkdirSync(join(dir, `times.jsonl.${process.pid}.part`, 'in the way'), { recursive: true });
  const size = statSync(file).size;
  const memory = latencyFile(file, { maxBytes: Math.round(size / 8) });
  expect(memory.load('a/x')).toHaveLength(400);
  expect(statSync(file).size).toBe(size);
});

test('a line that is not written yet is written when the process exits, once', () => {
  const script = `
    import { latencyFile } from ${JSON.stringify(new URL('../../dist/memory/latency-file.js', import.meta.url).href)};
    const file = latencyFile(process.argv[1]);
    const seen = { censored: false, informative: true, lostRace: false, context: {} };
    file.append('a/x', { ms: 1, ...seen });
    file.append('a/x', { ms: 2, ...seen });
    process.exit(0);`;
  execFileSync(process.execPath, ['--input-type=module', '-e', script, path]);
  expect(timesOf('a/x')).toEqual([1, 2]);
});

test.skipIf(process.platform === 'win32')('only its owner can read it', () => {
  latencyFile(path);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
});

test('rejects a file that cannot be opened; a file deleted later fails no answer', async () => {
  writeFileSync(join(dir, 'file'), '');
  expect(() => latencyFile(join(dir, 'file', 'times.jsonl'))).toThrow(
    expect.objectContaining({ code: 'unwritable' }),
  );
  const file = latencyFile(path);
  rmSync(dir, { recursive: true });
  expect(() => file.append('a/x', answered(1))).not.toThrow();
});

test('a router starts with what another has measured and hedges correctly from the first request', async () => {
  const clock = new ManualClock();
  const open = (memory: ReturnType<typeof latencyFile>, slowFrom: number) => {
    const models = [
      scriptedModel({ name: 'a', clock, script: (n) => answer(n < slowFrom ? 100 : 1_500) }),
      scriptedModel({ name: 'b', clock, script: () => answer(50) }),
    ];
    return router({ models, clock, random: () => 0.9, memory });
  };
  const ask = async (route: ReturnType<typeof open>) => {
    const chat = route.chat(HELLO);
    const reading = readAll(chat);
    await run(clock, 2_000);
    await reading;
    return chat.trace.attempts!.map(({ startedMs }) => startedMs - chat.trace.marks.llmRequested!);
  };
  const first = open(latencyFile(path), 100);
  for (let turn = 0; turn < 20; turn += 1) await ask(first);
  await written(20);
  const second = open(latencyFile(path), 0);
  expect(second.stats().models[0]).toMatchObject({ samples: 20, ttftP50Ms: 100 });
  expect(await ask(second)).toEqual([0, 100]);
  // Both of its requests.
  await written(22);
});
