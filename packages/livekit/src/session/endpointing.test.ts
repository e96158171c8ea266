import { DEFAULT_ENDPOINTING, ManualClock } from '@firstword/turn';
import { beforeEach, describe, expect, it } from 'vitest';
import { delayedExecutor } from './end-of-turn.js';
import { EndpointingPolicy, EOT_AFTER_MS, TRANSCRIPT_WAIT_MS } from './endpointing.js';

const OPTIONS = { ...DEFAULT_ENDPOINTING, eotAfterMs: EOT_AFTER_MS };
const { sureMs, doubtfulMs, incompleteMs } = OPTIONS;
const tick = () => new Promise((resolve) => setImmediate(resolve));

let clock: ManualClock;
let policy: EndpointingPolicy;

beforeEach(() => {
  clock = new ManualClock({ nowMs: 50_000 });
  policy = new EndpointingPolicy(OPTIONS, clock);
});

/** Queries as early as the preset does, and records after how much silence the policy answered. */
function hold(probability: number | undefined) {
  const askedMs = clock.nowMs();
  const seen: { silenceMs?: number } = {};
  void policy.waitForEnd(probability, askedMs).then(() => {
    seen.silenceMs = clock.nowMs() - askedMs + EOT_AFTER_MS;
  });
  return seen;
}

async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 4) {
    clock.advance(4);
    await tick();
  }
}

describe('without a transcript', () => {
  it('answers after the wait for the given probability', async () => {
    const sure = hold(0.9);
    await pass(doubtfulMs);
    expect(sure.silenceMs).toBe(sureMs);
    const doubtful = hold(0.1);
    await pass(doubtfulMs);
    expect(doubtful.silenceMs).toBe(doubtfulMs);
  });

  it('reports its decision', async () => {
    hold(0.9);
    expect(policy.decision).toEqual({ probability: 0.9, waitMs: sureMs, bound: 'sureMs' });
    hold(undefined);
    expect(policy.decision).toEqual({ waitMs: doubtfulMs, bound: 'doubtfulMs' });
  });
});

describe('with a transcript', () => {
  beforeEach(() => policy.attach());

  it('waits for the final transcript, and no longer', async () => {
    policy.onWords('It is for', { final: false });
    const held = hold(0.9);
    await pass(200);
    expect(held.silenceMs).toBeUndefined();
    policy.onWords('It is for four people.', { final: true });
    await tick();
    expect(held.silenceMs).toBe(EOT_AFTER_MS + 200);
  });

  it('waits longer on an incomplete utterance even if the model is sure', async () => {
    policy.onWords('It is for.', { final: true });
    const held = hold(0.9);
    await pass(incompleteMs);
    expect(held.silenceMs).toBe(incompleteMs);
    expect(policy.decision).toEqual({
      probability: 0.9,
      ending: 'incomplete',
      waitMs: incompleteMs,
      bound: 'incompleteMs',
    });
  });

  it('waits less on an incomplete utterance with low STT confidence', async () => {
    policy.onWords('My love and.', { final: true, confidence: 0.64 });
    const held = hold(0.9);
    await pass(incompleteMs);
    expect(held.silenceMs).toBe(incompleteMs * 0.8);
    expect(policy.decision).toEqual({
      probability: 0.9,
      ending: 'incomplete',
      confidence: 0.64,
      waitMs: incompleteMs * 0.8,
      bound: 'incompleteMs',
    });
    policy.onSpeech();
    policy.onWords('It is for', { final: true });
    hold(0.9);
    expect(policy.decision).toMatchObject({ waitMs: incompleteMs });
    expect(policy.decision).not.toHaveProperty('confidence');
  });

  it('uses the whole turn, not only the words since the last pause', () => {
    policy.onWords('Where are you', { final: true });
    policy.onSpeech();
    policy.onWords('from?', { final: true });
    hold(0.9);
    expect(policy.decision).toMatchObject({ ending: 'complete', waitMs: sureMs });
  });

  it('limits the wait for a transcript', async () => {
    const held = hold(0.9);
    await pass(TRANSCRIPT_WAIT_MS);
    expect(held.silenceMs).toBe(TRANSCRIPT_WAIT_MS);
  });

  it.each([
    ['the turn was committed', () => policy.onCommit()],
    ['the caller spoke again', () => policy.onSpeech()],
  ])('waits for a new transcript once %s, regardless of the previous one', async (_, happens) => {
    policy.onWords('It is for', { final: true });
    happens();
    policy.onWords('', { final: false });
    const held = hold(0.9);
    expect(policy.decision?.ending).toBeUndefined();
    await pass(100);
    policy.onWords('four people', { final: true });
    await tick();
    expect(held.silenceMs).toBe(EOT_AFTER_MS + 100);
  });
});

describe('a pending wait', () => {
  it('ends when the caller keeps speaking', async () => {
    const held = hold(0.1);
    await pass(40);
    policy.onSpeech();
    await tick();
    expect(held.silenceMs).toBe(EOT_AFTER_MS + 40);
    expect(clock.pendingTimers).toBe(0);
  });

  it('ends when a newer one begins, and when the policy closes', async () => {
    const older = hold(0.1);
    const newer = hold(0.1);
    await tick();
    expect(older.silenceMs).toBe(EOT_AFTER_MS);
    policy.close();
    await tick();
    expect(newer.silenceMs).toBe(EOT_AFTER_MS);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('adaptation to the caller', () => {
  beforeEach(() => {
    policy = new EndpointingPolicy({ ...OPTIONS, adaptToCaller: true }, clock);
  });

  it('lengthens the wait after a false cut-off, and shortens it again after clean turns', () => {
    const waitMs = () => {
      hold(0.9);
      policy.close();
      return policy.decision!.waitMs;
    };
    policy.onCommit();
    clock.advance(300);
    policy.onSpeech();
    const cautiousMs = waitMs();
    expect(cautiousMs).toBeGreaterThan(sureMs);
    for (let turn = 0; turn < 10; turn += 1) {
      policy.onCommit();
      clock.advance(5000);
      policy.onSpeech();
    }
    expect(waitMs()).toBe(sureMs);
  });
});

describe('delayedExecutor', () => {
  const inferring = (answer: () => unknown) => ({
    doInference: async () => {
      clock.advance(30);
      return answer();
    },
  });

  it('counts inference time as part of the wait', async () => {
    const executor = delayedExecutor(
      inferring(() => ({ probability: 0.1 })),
      policy,
      clock,
    );
    let answer: unknown;
    void executor.doInference('eot', {}).then((result) => {
      answer = result;
    });
    await tick();
    await pass(doubtfulMs - EOT_AFTER_MS - 30 - 4);
    expect(answer).toBeUndefined();
    await pass(4);
    expect(answer).toEqual({ probability: 0.1 });
  });

  it('waits as long for a failing model as for a doubtful one, and passes the error on', async () => {
    const failing = inferring(() => {
      throw new Error('no model');
    });
    let failure: unknown;
    void delayedExecutor(failing, policy, clock)
      .doInference('eot', {})
      .catch((error) => {
        failure = error;
      });
    await tick();
    await pass(doubtfulMs - EOT_AFTER_MS - 30 - 4);
    expect(failure).toBeUndefined();
    await pass(4);
    expect(failure).toMatchObject({ message: 'no model' });
  });
});
