import { expect, it } from 'vitest';
import { evidence, later, REALTIME_MARKS, realtimeTurn } from '../testing/evidence.js';
import { realtimeDistance } from './realtime-distance.js';

it('finds it by the round trip to the report of the end', () => {
  const [found] = realtimeDistance.examine(
    evidence(10, () => realtimeTurn({ marks: later(REALTIME_MARKS, 'turnEndReported', 250) })),
  );
  expect(found!.verdict).toContain('a round trip to it takes 300 ms');
  expect(found!.saving!.meanMs).toBe(220);
});

it('finds nothing near the provider, nor where only the end is known', () => {
  expect(realtimeDistance.examine(evidence(10, () => realtimeTurn()))).toEqual([]);
  const {
    turnEndAudio: _heard,
    turnEndSent: _sent,
    ...marks
  } = later(REALTIME_MARKS, 'turnEndReported', 250);
  expect(realtimeDistance.examine(evidence(10, () => realtimeTurn({ marks })))).toEqual([]);
});
