import { expect, it } from 'vitest';
import { evidence, later, REALTIME_MARKS, realtimeTurn } from '../testing/evidence.js';
import { realtimeBehindCascade } from './realtime-behind-cascade.js';

it('compares the medians of the user’s own turns, where both kinds are in the data', () => {
  const [found] = realtimeBehindCascade.examine(evidence(20, (at) => (at < 10 ? realtimeTurn() : {})));
  expect(found!.verdict).toBe(
    'Your cascade answers after 330 ms at the median, gpt-realtime after 1,170 ms.',
  );
  expect(found!.saving!.meanMs).toBe(420);
  expect(found!.confidence.value).toBeGreaterThan(0.7);
});

it('is not sure where no cascade was measured', () => {
  const slow = realtimeTurn({ marks: later(REALTIME_MARKS, 'responseAudio', 500) });
  const [found] = realtimeBehindCascade.examine(evidence(10, () => slow));
  expect(found!.verdict).toContain('takes 1,070 ms at the median');
  expect(found!.confidence.value).toBeLessThan(0.5);
});

it('finds nothing in a model as fast as the fastest, nor in a cascade', () => {
  expect(realtimeBehindCascade.examine(evidence(10, () => realtimeTurn()))).toEqual([]);
  expect(realtimeBehindCascade.examine(evidence(20))).toEqual([]);
});
