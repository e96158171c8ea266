import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endProbability, meanProbability } from './end-odds.js';
import type { UtteranceEnding } from './utterance-ending.js';
import { DEFAULT_ENDPOINTING, ENDPOINTING_PRESETS, type EndpointingOptions, endpointWaitMs } from './wait.js';

const options = fc
  .record({
    cutOffCostMs: fc.integer({ min: 1, max: 20_000 }),
    minDelayMs: fc.integer({ min: 0, max: 500 }),
    moreMs: fc.integer({ min: 0, max: 2500 }),
  })
  .map(({ moreMs, ...rest }): EndpointingOptions => ({ ...rest, maxDelayMs: rest.minDelayMs + moreMs }));
const share = fc.double({ min: 0, max: 1, noNaN: true });
const probability = fc.option(share, { nil: undefined });
const confidence = probability;
/** From the one that most says that the turn is over to the one that most says that it goes on. */
const ENDINGS: UtteranceEnding[] = [
  'question',
  'closing',
  'complete',
  'list',
  'acknowledgement',
  'incomplete',
];
const ending = fc.option(fc.constantFrom(...ENDINGS), { nil: undefined });

describe('endpointWaitMs', () => {
  it('stays within the configured waits', () => {
    fc.assert(
      fc.property(options, probability, ending, confidence, (given, p, end, sure) => {
        const waitMs = endpointWaitMs({ probability: p, ending: end, confidence: sure }, given);
        expect(waitMs).toBeGreaterThanOrEqual(given.minDelayMs);
        expect(waitMs).toBeLessThanOrEqual(given.maxDelayMs);
      }),
    );
  });

  it('never waits longer for a higher probability, or for words that say more about the end', () => {
    fc.assert(
      fc.property(options, share, share, confidence, (given, a, b, sure) => {
        const [low, high] = [a, b].sort((x, y) => x - y);
        const waits = ENDINGS.map((end) =>
          endpointWaitMs({ probability: a, ending: end, confidence: sure }, given),
        );
        expect(endpointWaitMs({ probability: high }, given)).toBeLessThanOrEqual(
          endpointWaitMs({ probability: low }, given),
        );
        expect(waits).toEqual([...waits].sort((x, y) => x - y));
      }),
    );
  });

  it('waits longer where a cut-off costs more', () => {
    fc.assert(
      fc.property(options, probability, ending, fc.integer({ min: 0, max: 9999 }), (given, p, end, more) => {
        const wait = (cutOffCostMs: number) =>
          endpointWaitMs({ probability: p, ending: end }, { ...given, cutOffCostMs });
        expect(wait(given.cutOffCostMs + more)).toBeGreaterThanOrEqual(wait(given.cutOffCostMs));
      }),
    );
  });

  it('believes words only as far as the STT is sure of them', () => {
    const wait = (sure?: number) =>
      endpointWaitMs({ probability: 0.5, ending: 'incomplete', confidence: sure }, DEFAULT_ENDPOINTING);
    const waits = [undefined, 1, 0.8, 0.4, 0].map(wait);
    expect(waits).toEqual([...waits].sort((x, y) => y - x));
    expect(waits[2]).toBe(waits[0]);
    expect(waits[4]).toBe(endpointWaitMs({ probability: 0.5 }, DEFAULT_ENDPOINTING));
  });

  it('waits as long without a model as for one that takes either for equally likely', () => {
    for (const preset of Object.values(ENDPOINTING_PRESETS))
      expect(endpointWaitMs({ probability: undefined }, preset)).toBe(
        endpointWaitMs({ probability: 0.5 }, preset),
      );
  });
});

describe('endProbability', () => {
  it('is the model’s where the words say nothing, and moves with the words', () => {
    expect(endProbability({ probability: 0.3, ending: 'complete' })).toBeCloseTo(0.3);
    expect(endProbability({ probability: 0.3, ending: 'question' })).toBeGreaterThan(0.3);
    expect(endProbability({ probability: 0.3, ending: 'incomplete' })).toBeLessThan(0.3);
  });

  it('is between 0 and 1 for certain answers', () => {
    for (const probability of [0, 1])
      for (const end of ENDINGS) {
        const p = endProbability({ probability, ending: end });
        expect(p).toBeGreaterThan(0);
        expect(p).toBeLessThan(1);
      }
  });
});

describe('meanProbability', () => {
  it('is the mean in log odds', () => {
    expect(meanProbability([])).toBeUndefined();
    expect(meanProbability([0.42])).toBe(0.42);
    expect(meanProbability([0.2, 0.8])).toBeCloseTo(0.5);
  });
});
