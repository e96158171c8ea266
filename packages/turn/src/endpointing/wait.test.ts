import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_ENDPOINTING, type EndpointingOptions, endpointWaitMs } from './wait.js';

const options = fc
  .record({
    sure: fc.double({ min: 0, max: 1, noNaN: true }),
    doubtful: fc.double({ min: 0, max: 1, noNaN: true }),
    sureMs: fc.integer({ min: 0, max: 500 }),
    moreMs: fc.integer({ min: 0, max: 2500 }),
    incompleteMs: fc.integer({ min: 0, max: 3000 }),
    incompleteConfidence: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ moreMs, ...rest }): EndpointingOptions => ({ ...rest, doubtfulMs: rest.sureMs + moreMs }));
const probability = fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined });
const ending = fc.constantFrom('incomplete', 'complete', undefined);
const confidence = probability;

describe('endpointWaitMs', () => {
  it('stays within the configured waits', () => {
    fc.assert(
      fc.property(options, probability, ending, confidence, (given, p, end, confidence) => {
        const waitMs = endpointWaitMs({ probability: p, ending: end, confidence }, given);
        expect(waitMs).toBeGreaterThanOrEqual(given.sureMs - 1e-9);
        expect(waitMs).toBeLessThanOrEqual(Math.max(given.doubtfulMs, given.incompleteMs) + 1e-9);
      }),
    );
  });

  it('never waits longer for a higher probability or less for an incomplete utterance', () => {
    fc.assert(
      fc.property(options, probability, probability, ending, (given, a, b, end) => {
        const [low, high] = [a ?? 0, b ?? 0].sort((x, y) => x - y);
        const wait = (p: number | undefined, e = end) => endpointWaitMs({ probability: p, ending: e }, given);
        expect(wait(high)).toBeLessThanOrEqual(wait(low) + 1e-9);
        expect(wait(low, 'incomplete')).toBeGreaterThanOrEqual(wait(low, 'complete'));
      }),
    );
  });

  it('never waits longer for a lower STT confidence, or less than the model’s wait', () => {
    fc.assert(
      fc.property(options, probability, confidence, confidence, (given, p, a, b) => {
        const [low, high] = [a ?? 1, b ?? 1].sort((x, y) => x - y);
        const wait = (c: number | undefined) =>
          endpointWaitMs({ probability: p, ending: 'incomplete', confidence: c }, given);
        expect(wait(low)).toBeLessThanOrEqual(wait(high) + 1e-9);
        expect(wait(high)).toBeLessThanOrEqual(wait(undefined) + 1e-9);
        expect(wait(low)).toBeGreaterThanOrEqual(endpointWaitMs({ probability: p }, given) - 1e-9);
      }),
    );
  });

  it('waits for an incomplete utterance in proportion to the STT confidence', () => {
    const wait = (c?: number) =>
      endpointWaitMs({ probability: 0.9, ending: 'incomplete', confidence: c }, DEFAULT_ENDPOINTING);
    expect([undefined, 1, 0.8, 0.4, 0.08, 0].map((c) => Math.round(wait(c)))).toEqual([
      1500, 1500, 1500, 750, 256, 256,
    ]);
  });

  it('waits `doubtfulMs` if the model failed', () => {
    expect(endpointWaitMs({ probability: undefined }, DEFAULT_ENDPOINTING)).toBe(
      DEFAULT_ENDPOINTING.doubtfulMs,
    );
  });

  it('rises in proportion as the probability falls from `sure` to `doubtful`', () => {
    const given = { ...DEFAULT_ENDPOINTING, sure: 0.5, doubtful: 0.3, sureMs: 200, doubtfulMs: 1000 };
    const waits = [0.5, 0.45, 0.4, 0.35, 0.3].map((probability) => endpointWaitMs({ probability }, given));
    expect(waits.map(Math.round)).toEqual([200, 400, 600, 800, 1000]);
  });
});
