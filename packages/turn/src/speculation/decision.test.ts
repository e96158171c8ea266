import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfidenceFilter } from './confidence-filter.js';
import { type Hypothesis, shouldSpeculate } from './decision.js';
import { DEFAULT_SPECULATION as options } from './options.js';

const fresh: Hypothesis = { unchangedSinceMs: 1_000, lastInterimMs: 1_000, revisions: 1 };

describe('shouldStart', () => {
  it('starts on words with a high confidence', () => {
    expect(shouldSpeculate({ ...fresh, confidence: 0.8 }, 1_000, options)).toEqual({
      start: true,
      reason: 'confident',
    });
  });

  it('starts on words with a high confidence only in silence, where that is measured', () => {
    const sure = { ...fresh, confidence: 0.9 };
    expect(shouldSpeculate({ ...sure, speaking: true }, 9_000, options)).toEqual({
      start: false,
      waitMs: undefined,
    });
    expect(shouldSpeculate({ ...sure, silentSinceMs: 990 }, 1_000, options)).toEqual({
      start: true,
      reason: 'confident',
    });
    expect(shouldSpeculate({ ...sure, silentSinceMs: 1_010 }, 1_020, options)).toEqual({
      start: false,
      waitMs: 170,
    });
  });

  it('does not start on stable words with a low confidence', () => {
    const doubted = { ...fresh, confidence: 0.79, revisions: 50 };
    expect(shouldSpeculate(doubted, 100_000, options)).toEqual({ start: false, waitMs: undefined });
  });

  it('starts on words with a low confidence once silence follows', () => {
    const doubted = { ...fresh, confidence: 0.5, silentSinceMs: 990 };
    expect(shouldSpeculate(doubted, 1_000, options)).toEqual({ start: false, waitMs: 80 });
    expect(shouldSpeculate(doubted, 1_080, options)).toMatchObject({ start: true, reason: 'silence' });
  });

  it('starts on words that stayed unchanged for long enough, without a confidence', () => {
    expect(shouldSpeculate(fresh, 1_100, options)).toEqual({ start: false, waitMs: 250 });
    expect(shouldSpeculate(fresh, 1_350, options)).toEqual({ start: true, reason: 'stable' });
  });

  it('waits longer for stable words of a slow engine', () => {
    const slow = { ...fresh, interimIntervalMs: 600 };
    expect(shouldSpeculate(slow, 1_350, options)).toEqual({ start: false, waitMs: 550 });
    expect(shouldSpeculate(slow, 1_900, options)).toEqual({ start: true, reason: 'stable' });
    expect(shouldSpeculate({ ...fresh, interimIntervalMs: 150 }, 1_350, options)).toMatchObject({
      start: true,
    });
  });

  it('starts on words that were repeated often enough', () => {
    expect(shouldSpeculate({ ...fresh, revisions: 3 }, 1_001, options)).toMatchObject({ reason: 'stable' });
  });

  it('starts on a preflight transcript, whatever its confidence', () => {
    const asked = { ...fresh, preflight: true, confidence: 0.2 };
    expect(shouldSpeculate(asked, 1_000, options)).toEqual({ start: true, reason: 'engine' });
  });

  it('starts on a preflight transcript only in silence, where that is measured', () => {
    const asked = { ...fresh, preflight: true, confidence: 0.2 };
    expect(shouldSpeculate({ ...asked, speaking: true }, 9_000, options).start).toBe(false);
    expect(shouldSpeculate({ ...asked, silentSinceMs: 1_000 }, 1_000, options)).toMatchObject({
      reason: 'engine',
    });
  });

  it('starts at once if the engine reports a pause', () => {
    expect(shouldSpeculate({ ...fresh, engineSilenceMs: 32 }, 1_000, options)).toMatchObject({
      reason: 'silence',
    });
  });

  it('waits for a longer pause after an opening phrase', () => {
    const opener = { ...fresh, openingPhrase: true };
    expect(shouldSpeculate({ ...opener, engineSilenceMs: 32 }, 9_000, options)).toEqual({
      start: false,
      waitMs: undefined,
    });
    expect(shouldSpeculate({ ...opener, engineSilenceMs: 90 }, 9_000, options)).toMatchObject({
      reason: 'silence',
    });
  });

  it('does not start on stable words while the engine still detects speech', () => {
    const spoken = { ...fresh, engineSilenceMs: 0, revisions: 50 };
    expect(shouldSpeculate(spoken, 100_000, options)).toEqual({ start: false, waitMs: undefined });
    expect(shouldSpeculate({ ...spoken, silentSinceMs: 990 }, 1_080, options)).toMatchObject({
      reason: 'silence',
    });
  });

  it('starts on incomplete words only for a preflight transcript', () => {
    const incomplete = {
      ...fresh,
      incomplete: true,
      revisions: 9,
      confidence: 0.95,
      engineSilenceMs: 96,
      silentSinceMs: 0,
    };
    expect(shouldSpeculate(incomplete, 9_000, options)).toEqual({ start: false, waitMs: undefined });
    expect(shouldSpeculate({ ...incomplete, preflight: true }, 9_000, options)).toMatchObject({
      reason: 'engine',
    });
  });

  it('waits twice as long for an interim from before the silence', () => {
    const early = { ...fresh, silentSinceMs: 1_020 };
    expect(shouldSpeculate(early, 1_120, options)).toEqual({ start: false, waitMs: 80 });
    expect(shouldSpeculate(early, 1_200, options)).toMatchObject({ start: true });
  });

  it('waits longer for an interim from before the silence if the engine’s interims are far apart', () => {
    const early = { ...fresh, silentSinceMs: 1_020, interimIntervalMs: 1_000, confidence: 0.9 };
    expect(shouldSpeculate(early, 1_200, options)).toEqual({ start: false, waitMs: 1_320 });
    expect(shouldSpeculate({ ...early, lastInterimMs: 1_030 }, 1_030, options).start).toBe(true);
  });

  it('starts after the wait it returned, if nothing changes', () => {
    const time = fc.integer({ min: 0, max: 5_000 });
    const heard = fc.record(
      {
        unchangedSinceMs: time,
        lastInterimMs: time,
        revisions: fc.integer({ min: 1, max: 5 }),
        confidence: fc.double({ min: 0, max: 1, noNaN: true }),
        silentSinceMs: time,
        engineSilenceMs: fc.constantFrom(0, 32, 96),
        openingPhrase: fc.boolean(),
      },
      { requiredKeys: ['unchangedSinceMs', 'lastInterimMs', 'revisions'] },
    );
    fc.assert(
      fc.property(heard, time, (hypothesis, nowMs) => {
        const first = shouldSpeculate(hypothesis, nowMs, options);
        if (first.start || first.waitMs === undefined) return;
        expect(first.waitMs).toBeGreaterThan(0);
        expect(shouldSpeculate(hypothesis, nowMs + first.waitMs, options).start).toBe(true);
      }),
    );
  });
});

describe('ConfidenceGauge', () => {
  it.each([0, 1, Number.NaN, -1, 7, undefined])(
    'drops the confidence of an engine that only reports %s',
    (constant) => {
      const gauge = new ConfidenceFilter();
      for (let i = 0; i < 5; i++) expect(gauge.apply(constant)).toBeUndefined();
    },
  );

  it('accepts a varying confidence, including 1 but not 0', () => {
    const gauge = new ConfidenceFilter();
    expect(gauge.apply(0.6)).toBe(0.6);
    expect(gauge.apply(1)).toBe(1);
    expect(gauge.apply(0)).toBeUndefined();
  });
});
