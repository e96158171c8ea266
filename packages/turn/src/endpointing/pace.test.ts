import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_PACE, type PaceEvent, pacedWaitMs, updatedPace } from './pace.js';

const event = fc.constantFrom<PaceEvent>('cutOff', 'resumed', 'clean');
const events = fc.array(event, { maxLength: 60 });
const waitMs = fc.integer({ min: 256, max: 2500 });
const LIMITS = { shortestMs: 256 };
const paceOf = (history: readonly PaceEvent[], from = 0) =>
  history.reduce((pace, next) => updatedPace(pace, next), from);

describe('the pace of a caller', () => {
  it('keeps every wait within its limits after any events', () => {
    fc.assert(
      fc.property(events, waitMs, (history, wait) => {
        const paced = pacedWaitMs(wait, paceOf(history), LIMITS);
        expect(paced).toBeGreaterThanOrEqual(256);
        expect(paced).toBeLessThanOrEqual(wait + DEFAULT_PACE.maxExtraMs);
        expect(paced).toBeGreaterThanOrEqual(256 + (wait - 256) * (1 - DEFAULT_PACE.maxReduction) - 1e-9);
      }),
    );
  });

  it('never waits less after a cut-off or more after a clean turn', () => {
    fc.assert(
      fc.property(events, waitMs, (history, wait) => {
        const pace = paceOf(history);
        const waits = (next: PaceEvent) => pacedWaitMs(wait, updatedPace(pace, next), LIMITS);
        const now = pacedWaitMs(wait, pace, LIMITS);
        expect(waits('cutOff')).toBeGreaterThanOrEqual(waits('resumed'));
        expect(waits('resumed')).toBeGreaterThanOrEqual(now);
        expect(waits('clean')).toBeLessThanOrEqual(now);
      }),
    );
  });

  it('keeps longer waits longer, for every caller', () => {
    fc.assert(
      fc.property(events, waitMs, waitMs, (history, a, b) => {
        const pace = paceOf(history);
        const [less, more] = a < b ? [a, b] : [b, a];
        expect(pacedWaitMs(less, pace, LIMITS)).toBeLessThanOrEqual(pacedWaitMs(more, pace, LIMITS));
      }),
    );
  });

  it('reaches the same pace after enough clean turns, whatever came before', () => {
    fc.assert(
      fc.property(events, (history) => {
        expect(paceOf(Array<PaceEvent>(40).fill('clean'), paceOf(history))).toBeCloseTo(-1);
      }),
    );
  });

  it('recovers from one cut-off after eight clean turns', () => {
    fc.assert(
      fc.property(events, (history) => {
        const pace = paceOf(history);
        const later = paceOf(['cutOff', ...Array<PaceEvent>(8).fill('clean')], pace);
        expect(later).toBeLessThanOrEqual(pace + 1e-9);
      }),
    );
  });

  it('does not change the wait for an unknown caller', () => {
    expect(pacedWaitMs(700, 0, LIMITS)).toBe(700);
  });
});
