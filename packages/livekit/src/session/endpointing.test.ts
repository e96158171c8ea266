import { DEFAULT_ENDPOINTING, ManualClock } from '@firstword/turn';
import { beforeEach, describe, expect, it } from 'vitest';
import { delayedExecutor } from './end-of-turn.js';
import { EndpointingPolicy, EOT_AFTER_MS, TRANSCRIPT_WAIT_MS } from './endpointing.js';

const OPTIONS = { ...DEFAULT_ENDPOINTING, eotAfterMs: EOT_AFTER_MS };
const { sureMs, doubtfulMs, incompleteMs } = OPTIONS;
const tick = () => new Promise((resolve) => setImmediate(resolve));

let clock: ManualClock;
let judge: EndpointingPolicy;

beforeEach(() => {
  clock = new ManualClock({ nowMs: 50_000 });
  judge = new EndpointingPolicy(OPTIONS, clock);
});

/** Asks as early as the preset does, and tells after how much silence the answer came. */
function hold(probability: number | undefined) {
  const askedMs = clock.nowMs();
  const seen: { silenceMs?: number } = {};
  void judge.waitForEnd(probability, askedMs).then(() => {
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

describe('without words', () => {
  it('answers after the wait that the probability asks for', async () => {
    const sure = hold(0.9);
    await pass(doubtfulMs);
    expect(sure.silenceMs).toBe(sureMs);
    const doubtful = hold(0.1);
    await pass(doubtfulMs);
    expect(doubtful.silenceMs).toBe(doubtfulMs);
  });

  it('says what it decided', async () => {
    hold(0.9);
    expect(judge.decision).toEqual({ probability: 0.9, waitMs: sureMs, bound: 'sureMs' });
    hold(undefined);
    expect(judge.decision).toEqual({ waitMs: doubtfulMs, bound: 'doubtfulMs' });
  });
});

describe('with words', () => {
  beforeEach(() => judge.attach());

  it('waits for final words, and then no longer', async () => {
    judge.onWords('It is for', { final: false });
    const held = hold(0.9);
    await pass(200);
    expect(held.silenceMs).toBeUndefined();
    judge.onWords('It is for four people.', { final: true });
    await tick();
    expect(held.silenceMs).toBe(EOT_AFTER_MS + 200);
  });

  it('waits longer where they have to go on, though the model is sure', async () => {
    judge.onWords('It is for.', { final: true });
    const held = hold(0.9);
    await pass(incompleteMs);
    expect(held.silenceMs).toBe(incompleteMs);
    expect(judge.decision).toEqual({
      probability: 0.9,
      ending: 'incomplete',
      waitMs: incompleteMs,
      bound: 'incompleteMs',
    });
  });

  it('waits less for words that have to go on but were hardly understood', async () => {
    judge.onWords('My love and.', { final: true, confidence: 0.64 });
    const held = hold(0.9);
    await pass(incompleteMs);
    expect(held.silenceMs).toBe(incompleteMs * 0.8);
    expect(judge.decision).toEqual({
      probability: 0.9,
      ending: 'incomplete',
      confidence: 0.64,
      waitMs: incompleteMs * 0.8,
      bound: 'incompleteMs',
    });
    judge.onSpeech();
    judge.onWords('It is for', { final: true });
    hold(0.9);
    expect(judge.decision).toMatchObject({ waitMs: incompleteMs });
    expect(judge.decision).not.toHaveProperty('confidence');
  });

  it('takes the whole turn into account, not only what was said since the last pause', () => {
    judge.onWords('Where are you', { final: true });
    judge.onSpeech();
    judge.onWords('from?', { final: true });
    hold(0.9);
    expect(judge.decision).toMatchObject({ ending: 'complete', waitMs: sureMs });
  });

  it('does not wait for words for ever', async () => {
    const held = hold(0.9);
    await pass(TRANSCRIPT_WAIT_MS);
    expect(held.silenceMs).toBe(TRANSCRIPT_WAIT_MS);
  });

  it.each([
    ['the turn was committed', () => judge.onCommit()],
    ['the caller spoke again', () => judge.onSpeech()],
  ])('waits for new words once %s, whatever the old ones were', async (_, happens) => {
    judge.onWords('It is for', { final: true });
    happens();
    judge.onWords('', { final: false });
    const held = hold(0.9);
    expect(judge.decision?.ending).toBeUndefined();
    await pass(100);
    judge.onWords('four people', { final: true });
    await tick();
    expect(held.silenceMs).toBe(EOT_AFTER_MS + 100);
  });
});

describe('a question that is no longer open', () => {
  it('is answered when the caller goes on', async () => {
    const held = hold(0.1);
    await pass(40);
    judge.onSpeech();
    await tick();
    expect(held.silenceMs).toBe(EOT_AFTER_MS + 40);
    expect(clock.pendingTimers).toBe(0);
  });

  it('gives way to a newer one, and to the end of the call', async () => {
    const older = hold(0.1);
    const newer = hold(0.1);
    await tick();
    expect(older.silenceMs).toBe(EOT_AFTER_MS);
    judge.close();
    await tick();
    expect(newer.silenceMs).toBe(EOT_AFTER_MS);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('a caller of whom is learned', () => {
  beforeEach(() => {
    judge = new EndpointingPolicy({ ...OPTIONS, adaptToCaller: true }, clock);
  });

  it('is waited for longer once cut off, and shorter again after clean turns', () => {
    const waitMs = () => {
      hold(0.9);
      judge.close();
      return judge.decision!.waitMs;
    };
    judge.onCommit();
    clock.advance(300);
    judge.onSpeech();
    const cautiousMs = waitMs();
    expect(cautiousMs).toBeGreaterThan(sureMs);
    for (let turn = 0; turn < 10; turn += 1) {
      judge.onCommit();
      clock.advance(5000);
      judge.onSpeech();
    }
    expect(waitMs()).toBe(sureMs);
  });
});

describe('patientExecutor', () => {
  const inferring = (answer: () => unknown) => ({
    doInference: async () => {
      clock.advance(30);
      return answer();
    },
  });

  it('counts the model’s own time as waiting', async () => {
    const executor = delayedExecutor(
      inferring(() => ({ probability: 0.1 })),
      judge,
      clock,
    );
    let answer: unknown;
    void executor.doInference('eot', {}).then((told) => {
      answer = told;
    });
    await tick();
    await pass(doubtfulMs - EOT_AFTER_MS - 30 - 4);
    expect(answer).toBeUndefined();
    await pass(4);
    expect(answer).toEqual({ probability: 0.1 });
  });

  it('waits as long for a model that fails as for one that doubts, and tells of it', async () => {
    const failing = inferring(() => {
      throw new Error('no model');
    });
    let failure: unknown;
    void delayedExecutor(failing, judge, clock)
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
