import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Emulator, type EmulatorOptions, startEmulator } from '@firstword/emulator';
import { ManualClock, systemClock } from '@firstword/turn';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BenchPlan } from '../run-file.js';
import { readRun } from '../store/run-store.js';
import { readUnfinishedRun } from '../store/unfinished.js';
import { planOf } from '../testing/plan.js';
import { type ExecuteRunOptions, executeRun, pendingRequests } from './execute-run.js';
import { prepareRun } from './prepare.js';
import { ABANDON_AFTER_FAILURES } from './target-health.js';

let dir: string;
let file: string;
let emulators: Emulator[];
const { signal } = new AbortController();

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'firstword-bench-'));
  file = join(dir, 'run.json');
  emulators = [];
});
afterEach(async () => {
  for (const emulator of emulators) await emulator.close();
  await rm(dir, { recursive: true });
});

async function emulate(options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = await startEmulator({ tokensPerSecond: 5000, ...options });
  emulators.push(emulator);
  return emulator;
}

/** Advances the clock until the work is done. Time stands still while this process is blocked, so load does not matter. */
async function letPass<T>(clock: ManualClock, work: Promise<T>): Promise<T> {
  const timer = setInterval(() => clock.advance(1), 1);
  return work.finally(() => clearInterval(timer));
}

async function run(plan: Partial<BenchPlan>, options: Partial<ExecuteRunOptions> & { emulator: Emulator }) {
  const prepared = options.prepared ?? (await prepareRun(planOf(plan), { signal, env: options.env ?? {} }));
  const clock = options.clock ?? new ManualClock({ wallMs: Date.now() });
  const done = executeRun({ prepared, file, version: '1', signal, ...options, clock });
  return clock instanceof ManualClock ? letPass(clock, done) : done;
}

/** The emulator as a `custom` target, like a real server. */
const at = (emulator: Emulator, model = 'instant') => `custom:${model}@${emulator.urlFor('instant')}`;

it('measures every request of the plan, with all phases in order', async () => {
  const emulator = await emulate({ network: { rttMs: 5 } });
  const done = await run({ modes: [{ mode: 'warm' }, { mode: 'cold' }], perSecond: 20 }, { emulator });
  expect(done.partial).toBeUndefined();
  expect(done.samples.map(({ index }) => index).sort((a, b) => a - b)).toEqual([...Array(16).keys()]);
  expect(done.used.requests).toBe(16);
  for (const sample of done.samples) {
    const {
      connectionReadyMs,
      requestSentMs,
      headersMs,
      firstDeltaMs,
      firstContentMs,
      firstClauseMs,
      endMs,
    } = sample.phases;
    const moments = [
      connectionReadyMs,
      requestSentMs,
      headersMs,
      firstDeltaMs,
      firstContentMs,
      firstClauseMs,
      endMs,
    ];
    expect(moments).toEqual([...moments].sort((a, b) => a! - b!));
    expect(sample).toMatchObject({ requests: 1, machine: { contaminated: expect.any(Array) } });
    expect(sample.bodyBytes).toBeGreaterThan(sample.promptCharacters);
    expect(sample.tokens?.promptTokens).toBeGreaterThan(0);
    const cold = sample.armId.endsWith('cold');
    expect(sample.connection).toBe(cold ? 'cold' : 'reused');
    expect(sample.opened === undefined).toBe(!cold);
  }
});

it('writes a run file that can be read again, and deletes the journal', async () => {
  const done = await run({}, { emulator: await emulate() });
  expect(await readRun(file)).toEqual(done);
  expect(existsSync(`${file}.part`)).toBe(false);
});

it('detects an emulator behind a URL of the user’s own', async () => {
  const emulator = await emulate();
  const { arms } = await run({ targets: [at(emulator)], turns: 1 }, { emulator });
  expect(arms.map(({ provider, emulated }) => [provider, emulated])).toEqual([['custom', true]]);
});

it('leaves a connection idle for the time that the arm requires', async () => {
  const idle = { mode: 'idle', idleMs: 200 } as const;
  const plan = { targets: ['emulated:instant'], modes: [idle], turns: 2, warmUps: 0, perSecond: 20 };
  const { samples } = await run(plan, { emulator: await emulate() });
  for (const { connection, idleMs } of samples) {
    expect(connection).toBe('reused');
    expect(idleMs).toBeGreaterThanOrEqual(200);
  }
});

it('sends on time, independent of earlier requests', async () => {
  // The emulator's clock advances only once all requests have arrived.
  const clock = new ManualClock();
  const faults = { rules: [{ fault: { kind: 'straggler', delayMs: 400 } as const }] };
  const emulator = await emulate({ clock, faults });
  const plan = { targets: ['emulated:instant'], turns: 10, warmUps: 0, perSecond: 50 };
  const running = run(plan, { emulator });
  await expect.poll(() => emulator.stats().concurrent, { timeout: 20_000 }).toBe(10);
  const { samples } = await letPass(clock, running);
  const firstEndMs = Math.min(...samples.map(({ startedMs, phases }) => startedMs + phases.endMs!));
  expect(samples.every(({ startedMs }) => startedMs < firstEndMs)).toBe(true);
  expect(emulator.stats().maxConcurrent).toBe(10);
});

it('marks contaminated samples, and keeps them', async () => {
  let held = false;
  const onSample = () => {
    const untilMs = performance.now() + 80;
    while (!held && performance.now() < untilMs);
    held = true;
  };
  const plan = { targets: ['emulated:instant'], turns: 30, warmUps: 0, perSecond: 20 };
  const { samples } = await run(plan, { emulator: await emulate(), onSample, clock: systemClock });
  expect(samples.length).toBe(30);
  const late = samples.filter(({ startedMs, scheduledMs }) => startedMs - scheduledMs >= 10);
  expect(late.length).toBeGreaterThan(0);
  expect(late.every(({ machine }) => machine.contaminated.includes('late-start'))).toBe(true);
  expect(late.some(({ machine }) => machine.contaminated.includes('event-loop'))).toBe(true);
});

describe('a failing target', () => {
  it('is abandoned at a wrong key, naming the variable; the others are measured', async () => {
    const [locked, open] = [await emulate({ requireKey: 'right' }), await emulate()];
    const env = { FIRSTWORD_LLM_API_KEY: 'wrong' };
    const targets = [at(locked), 'emulated:instant'];
    const done = await run({ targets, turns: 5 }, { emulator: open, env });
    expect(done.abandoned).toMatchObject([{ target: targets[0], kind: 'auth', afterSamples: 0 }]);
    expect(done.abandoned[0]!.message).toContain('FIRSTWORD_LLM_API_KEY');
    expect(done.abandoned[0]!.message).not.toContain('wrong');
    expect(done.partial?.reason).toBe('targets-failed');
    expect(done.samples.filter(({ armId, error }) => armId === targets[1] && !error).length).toBe(6);
  });

  it('is abandoned at an unknown model, with similar names', async () => {
    const emulator = await emulate({ strict: true });
    const target = `custom:gpt-4o-mimi@${emulator.url}`;
    const done = await run({ targets: [target] }, { emulator });
    expect(done.abandoned[0]).toMatchObject({ kind: 'model_not_found' });
    expect(done.abandoned[0]!.message).toContain('gpt-4o-mini');
    expect(emulator.stats().requests).toBeLessThan(4);
  });

  it('is abandoned when it stops answering; its answers are kept', async () => {
    const rule = { fault: { kind: 'http-error', status: 503 }, from: 21 } as const;
    const emulator = await emulate({ faults: { rules: [rule] } });
    const plan = { targets: ['emulated:instant'], turns: 60, warmUps: 0, perSecond: 200 };
    const done = await run(plan, { emulator });
    expect(done.samples.filter(({ error }) => !error).length).toBe(20);
    expect(done.samples.filter(({ error }) => error).length).toBeGreaterThanOrEqual(ABANDON_AFTER_FAILURES);
    expect(done.samples.length).toBeLessThan(60);
    expect(done.abandoned[0]).toMatchObject({ kind: 'provider_unavailable', afterSamples: 20 });
    expect(done.partial?.message).toContain(`--resume ${file}`);
  });

  it('is abandoned when every request gets 429, with advice about --pace', async () => {
    const emulator = await emulate({ faults: { rules: [{ fault: { kind: 'rate-limited' } }] } });
    const done = await run({ targets: ['emulated:instant'], turns: 60 }, { emulator });
    expect(done.abandoned[0]).toMatchObject({ kind: 'rate_limited' });
    expect(done.abandoned[0]!.message).toContain('--pace');
    expect(done.samples.every(({ error }) => error?.kind === 'rate_limited' && error.status === 429)).toBe(
      true,
    );
    expect(done.used.tokens).toBe(0);
  });
});

it('counts an answer without text as failed', async () => {
  const emulator = await emulate({ faults: { rules: [{ fault: { kind: 'empty-answer' } }] } });
  const done = await run({ targets: ['emulated:instant'], turns: 2, warmUps: 0 }, { emulator });
  expect(done.samples.map(({ error }) => error?.kind)).toEqual(['bad_stream', 'bad_stream']);
});

describe('a budget', () => {
  it('of requests is used up to the last', async () => {
    const emulator = await emulate();
    const done = await run({ turns: 20, budget: { requests: 7 } }, { emulator });
    expect(done.used.requests).toBe(7);
    expect(emulator.stats().requests).toBe(7);
    expect(done.partial).toMatchObject({ reason: 'budget', message: expect.stringContaining('--budget') });
  });

  it('of tokens is never exceeded', async () => {
    const done = await run(
      { targets: ['emulated:instant'], turns: 200, perSecond: 20, budget: { tokens: 3000 } },
      { emulator: await emulate() },
    );
    expect(done.used.tokens).toBeLessThanOrEqual(3000);
    // Tokens are reserved for requests in flight, and a slower machine has more of them.
    expect(done.used.tokens).toBeGreaterThan(1500);
    expect(done.partial?.reason).toBe('budget');
  });

  it('of dollars is rejected where a price is not known', async () => {
    const plan = planOf({ targets: ['custom:m@http://127.0.0.1:1/v1'], budget: { usd: 1 } });
    await expect(prepareRun(plan, { signal, env: {} })).rejects.toThrow(/--prices/);
  });
});

describe('a run that was stopped', () => {
  async function stopped() {
    const stop = new AbortController();
    let seen = 0;
    const onSample = () => {
      seen += 1;
      if (seen === 5) stop.abort();
    };
    const emulator = await emulate();
    const prepared = await prepareRun(planOf({ turns: 10, perSecond: 40 }), { signal, env: {} });
    return { prepared, emulator, done: await run({}, { emulator, prepared, signal: stop.signal, onSample }) };
  }

  it('keeps its samples, and says how to resume', async () => {
    const { done } = await stopped();
    expect(done.samples.length).toBeGreaterThanOrEqual(5);
    expect(done.samples.length).toBeLessThan(22);
    expect(done.partial).toMatchObject({ reason: 'stopped' });
    expect(done.partial!.message).toContain(`firstword bench --resume ${file}`);
  });

  it('can be resumed: each request is sent once', async () => {
    const { prepared, emulator, done } = await stopped();
    const resume = await readUnfinishedRun(file);
    expect(pendingRequests(prepared, resume).length).toBe(22 - done.samples.length);
    const whole = await run({}, { emulator, prepared, resume });
    expect(whole.partial).toBeUndefined();
    expect(whole.samples.map(({ index }) => index).sort((a, b) => a - b)).toEqual([...Array(22).keys()]);
    expect(whole.startedAt).toBe(done.startedAt);
    expect(whole.used.requests).toBeGreaterThanOrEqual(22);
    const lastMs = Math.max(...done.samples.map(({ startedMs }) => startedMs));
    const later = whole.samples.filter(({ index }) => !done.samples.some((old) => old.index === index));
    expect(later.every(({ startedMs }) => startedMs > lastMs)).toBe(true);
    await expect(readUnfinishedRun(file)).rejects.toThrow(/nothing to resume/);
  });

  it('repeats requests that failed because of a wrong key', async () => {
    const locked = await emulate({ requireKey: 'right' });
    const prepared = await prepareRun(planOf({ targets: [at(locked)] }), { signal, env: {} });
    await run({}, { emulator: locked, prepared, env: { FIRSTWORD_LLM_API_KEY: 'wrong' } });
    const resume = await readUnfinishedRun(file);
    const env = { FIRSTWORD_LLM_API_KEY: 'right' };
    const whole = await run({}, { emulator: locked, prepared, resume, env });
    expect(whole.samples.map(({ error }) => error)).toEqual(Array(4).fill(undefined));
  });
});

describe('a run that was killed', () => {
  it('is read from its journal, without a truncated last line', async () => {
    const done = await run({}, { emulator: await emulate() });
    const { samples, finishedAt: _, used: __, abandoned: ___, plannedRequests: ____, ...header } = done;
    const lines = [header, ...samples.slice(0, 3)].map((line) => JSON.stringify(line));
    await writeFile(`${file}.part`, `${lines.join('\n')}\n{"index": 3, "ar`);
    const left = await readUnfinishedRun(file);
    expect(left.samples).toEqual(samples.slice(0, 3));
    expect(left.used.requests).toBe(3);
  });

  it('has its samples on disk during the run', async () => {
    const emulator = await emulate();
    let onDisk = 0;
    const onSample = async () => {
      onDisk = Math.max(onDisk, (await readFile(`${file}.part`, 'utf8')).split('\n').length);
    };
    await run({ turns: 20 }, { emulator, onSample: () => void onSample().catch(() => {}) });
    expect(onDisk).toBeGreaterThan(10);
  });
});

describe('a file that is not a run', () => {
  it.each([
    ['{"schema": "firstword.bench/0"}', /reads "firstword.bench\/1"/],
    ['{"type": "report"}', /is not a run/],
    ['not json', /is not JSON/],
    ['{"schema": "firstword.bench/1"}', /is damaged: at version/],
  ])('is rejected: %s', async (text, message) => {
    await writeFile(file, text);
    await expect(readRun(file)).rejects.toThrow(message);
  });

  it('is rejected where it is missing', async () => {
    await expect(readRun(join(dir, 'nope.json'))).rejects.toThrow(/check the path/);
  });
});
