import {
  DEFAULT_ENDPOINTING,
  endProbability,
  endpointWaitMs,
  ManualClock,
  meanProbability,
} from '@firstword/turn';
import { beforeEach, describe, expect, it } from 'vitest';
import { checkOptions } from './check-options.js';
import {
  EndpointingPolicy,
  EOT_AFTER_MS,
  LATE_TRANSCRIPT_WAIT_MS,
  TRANSCRIPT_WAIT_MS,
} from './endpointing.js';
import { endpointingOptions } from './session-plan.js';

const OPTIONS = { ...DEFAULT_ENDPOINTING, eotAfterMs: EOT_AFTER_MS };
const { minDelayMs, maxDelayMs } = OPTIONS;
/** Probabilities for which the wait is the shortest, in between, and the longest. */
const [SURE, UNSURE, DOUBTFUL] = [0.99, 0.5, 0.01];
const unsureMs = Math.ceil(endpointWaitMs({ probability: UNSURE }, OPTIONS));
const tick = () => new Promise((resolve) => setImmediate(resolve));

let clock: ManualClock;
let policy: EndpointingPolicy;

beforeEach(() => {
  clock = new ManualClock({ nowMs: 50_000 });
  policy = new EndpointingPolicy(OPTIONS, clock);
});

/**
 * Asks as early as the preset does, and records at which silences the model was asked and after how much the policy answered.
 * The last of `answers` is given again; `undefined` is a failure.
 */
async function hold(...answers: (number | undefined)[]) {
  const startedMs = clock.nowMs() - EOT_AFTER_MS;
  const seen: { silenceMs?: number; askedAtMs: number[] } = { askedAtMs: [] };
  const ask = async () => {
    const answer = answers[Math.min(seen.askedAtMs.length, answers.length - 1)];
    seen.askedAtMs.push(clock.nowMs() - startedMs);
    if (answer === undefined) throw new Error('no model');
    return answer;
  };
  void policy.waitForEnd(ask).then(() => {
    seen.silenceMs = clock.nowMs() - startedMs;
  });
  await tick();
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
    const sure = await hold(SURE);
    await pass(maxDelayMs);
    expect(sure.silenceMs).toBe(minDelayMs);
    const doubtful = await hold(DOUBTFUL);
    await pass(maxDelayMs);
    expect(doubtful.silenceMs).toBe(maxDelayMs);
  });

  it('reports its decision', async () => {
    await hold(SURE);
    expect(policy.decision).toEqual({
      probability: expect.closeTo(SURE),
      modelProbability: SURE,
      waitMs: minDelayMs,
      bound: 'minDelayMs',
    });
    await hold(undefined);
    expect(policy.decision).toEqual({
      probability: 0.5,
      waitMs: endpointWaitMs({ probability: undefined }, OPTIONS),
      bound: 'cutOffCostMs',
    });
  });
});

describe('with a transcript', () => {
  beforeEach(() => policy.attach());

  it('waits for the final transcript, and no longer', async () => {
    policy.onWords('It is for', { final: false });
    const held = await hold(0.9);
    await pass(200);
    expect(held.silenceMs).toBeUndefined();
    policy.onWords('It is for four people.', { final: true });
    await tick();
    expect(held.silenceMs).toBe(EOT_AFTER_MS + 200);
  });

  it('waits longer for the transcript of speech that is too long to be a short sound', async () => {
    const silenceAfter = async (speechMs: number) => {
      policy.onSpeech();
      await pass(speechMs + EOT_AFTER_MS);
      const held = await hold(SURE);
      await pass(LATE_TRANSCRIPT_WAIT_MS);
      return held.silenceMs;
    };
    expect(await silenceAfter(3000)).toBe(TRANSCRIPT_WAIT_MS);
    policy.onWords('That sounds great.', { final: true });
    expect(await silenceAfter(400)).toBe(TRANSCRIPT_WAIT_MS);
    expect(await silenceAfter(3000)).toBe(LATE_TRANSCRIPT_WAIT_MS);
  });

  it('waits as long where interim words have come, because LiveKit would commit the final ones before them alone', async () => {
    policy.onWords('So the two days we can also have,', { final: true });
    policy.onSpeech();
    await pass(5000 + EOT_AFTER_MS);
    policy.onWords('But if you need it before then', { final: false });
    const held = await hold(SURE);
    await pass(LATE_TRANSCRIPT_WAIT_MS - EOT_AFTER_MS - 4);
    expect(held.silenceMs).toBeUndefined();
    policy.onWords('But if you need it before then we will get you in.', { final: true });
    await tick();
    expect(held.silenceMs).toBeGreaterThan(TRANSCRIPT_WAIT_MS);
  });

  it('waits longer on an incomplete utterance even if the model is sure', async () => {
    policy.onWords('It is for.', { final: true });
    const probability = 0.8;
    const held = await hold(probability);
    await pass(maxDelayMs);
    const evidence = { probability, ending: 'incomplete' } as const;
    const waitMs = endpointWaitMs(evidence, OPTIONS);
    expect(waitMs).toBeGreaterThan(minDelayMs);
    expect(policy.decision).toEqual({
      probability: expect.closeTo(endProbability(evidence)),
      modelProbability: expect.closeTo(probability),
      ending: 'incomplete',
      waitMs,
      bound: 'cutOffCostMs',
    });
    expect(held.silenceMs! - waitMs).toBeLessThan(4);
  });

  it('waits less on an incomplete utterance with low STT confidence', async () => {
    const waitFor = async (confidence?: number) => {
      policy.onSpeech();
      policy.onWords('My love and.', { final: true, ...(confidence === undefined ? {} : { confidence }) });
      await hold(UNSURE);
      return policy.decision!;
    };
    const [doubted, believed] = [await waitFor(0.3), await waitFor()];
    expect(doubted).toMatchObject({ ending: 'incomplete', confidence: 0.3 });
    expect(doubted.waitMs).toBeLessThan(believed.waitMs);
    expect(believed).not.toHaveProperty('confidence');
  });

  it('uses the whole turn, not only the words since the last pause', async () => {
    policy.onWords('Where are you', { final: true });
    policy.onSpeech();
    policy.onWords('from?', { final: true });
    await hold(SURE);
    expect(policy.decision).toMatchObject({ ending: 'question', waitMs: minDelayMs });
  });

  it('limits the wait for a transcript', async () => {
    const held = await hold(0.9);
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
    const held = await hold(0.9);
    expect(policy.decision?.ending).toBeUndefined();
    await pass(100);
    policy.onWords('four people', { final: true });
    await tick();
    expect(held.silenceMs).toBe(EOT_AFTER_MS + 100);
  });
});

describe('a pending wait', () => {
  it('says when the turn is committed, by what is known so far', async () => {
    expect(policy.commitInMs('A table.')).toBeUndefined();
    await hold(UNSURE);
    expect(policy.commitInMs('A table.')).toBeCloseTo(policy.decision!.waitMs - EOT_AFTER_MS);
    await pass(100);
    expect(policy.commitInMs('A table.')).toBeCloseTo(policy.decision!.waitMs - EOT_AFTER_MS - 100);
    policy.onSpeech();
    expect(policy.commitInMs('A table.')).toBeUndefined();
  });

  it('is not needed to know that words alone end a turn', () => {
    expect(policy.commitInMs('When do you open?')).toBe(0);
    expect(policy.commitInMs('No, thank you.')).toBe(0);
    expect(policy.commitInMs('I would like a table for')).toBeUndefined();
  });

  it('ends, and asks no more, when LiveKit has cancelled it', async () => {
    const held = await hold(UNSURE);
    policy.onCancelled();
    await pass(maxDelayMs);
    expect(held.askedAtMs).toEqual([EOT_AFTER_MS]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('ends when the caller keeps speaking', async () => {
    const held = await hold(0.1);
    await pass(40);
    policy.onSpeech();
    await tick();
    expect(held.silenceMs).toBe(EOT_AFTER_MS + 40);
    expect(clock.pendingTimers).toBe(0);
  });

  it('ends when a newer one begins, and when the policy closes', async () => {
    const older = await hold(0.1);
    const newer = await hold(0.1);
    await tick();
    expect(older.silenceMs).toBe(EOT_AFTER_MS);
    policy.close();
    await tick();
    expect(newer.silenceMs).toBe(EOT_AFTER_MS);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('asking again', () => {
  it('asks an unsure model again as the silence grows, and takes the mean of its answers', async () => {
    const held = await hold(DOUBTFUL, UNSURE, 0.99);
    await pass(maxDelayMs);
    expect(held.askedAtMs).toEqual([EOT_AFTER_MS, 256, 416]);
    expect(policy.decision?.modelProbability).toBeCloseTo(meanProbability([DOUBTFUL, UNSURE, 0.99])!);
    expect(held.silenceMs).toBeLessThan(maxDelayMs);
  });

  it('does not ask again when the wait is over', async () => {
    const held = await hold(0.99);
    await pass(maxDelayMs);
    expect(held).toEqual({ silenceMs: minDelayMs, askedAtMs: [EOT_AFTER_MS] });
  });

  it('asks a slow model again only when it has answered', async () => {
    const startedMs = clock.nowMs() - EOT_AFTER_MS;
    const askedAtMs: number[] = [];
    const ask = () => {
      askedAtMs.push(clock.nowMs() - startedMs);
      return new Promise<number>((resolve) => void clock.schedule(200, () => resolve(UNSURE)));
    };
    const waiting = policy.waitForEnd(ask);
    await pass(maxDelayMs);
    await waiting;
    expect(askedAtMs.slice(0, 2)).toEqual([EOT_AFTER_MS, EOT_AFTER_MS + 200]);
    expect(policy.decision?.modelProbability).toBeCloseTo(UNSURE);
  });

  it('waits as long for a failing model as for an unsure one, and uses the answers that it gives', async () => {
    const failing = await hold(undefined);
    await pass(maxDelayMs);
    expect(failing.silenceMs! - unsureMs).toBeLessThan(4);
    const once = await hold(undefined, 0.99);
    await pass(maxDelayMs);
    expect(once.silenceMs).toBe(256);
  });

  it('waits as long for a model that never answers', async () => {
    const seen: { silenceMs?: number } = {};
    const startedMs = clock.nowMs() - EOT_AFTER_MS;
    void policy
      .waitForEnd(() => new Promise(() => {}))
      .then(() => {
        seen.silenceMs = clock.nowMs() - startedMs;
      });
    await pass(maxDelayMs);
    expect(seen.silenceMs! - unsureMs).toBeLessThan(4);
    expect(clock.pendingTimers).toBe(0);
  });
});

it('keeps the default of an option that is given as undefined', () => {
  const endpointing = { cutOffCostMs: undefined, eotAfterMs: undefined } as never;
  expect(() => checkOptions({ endpointing })).not.toThrow();
  expect(endpointingOptions({ endpointing }, true)).toEqual(OPTIONS);
});
