import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS, REALTIME_MARKS, realtimeTurn } from '../testing/evidence.js';
import { cascadeBehindRealtime } from './cascade-behind-realtime.js';

const slow = (moreMs: number) => ({ marks: later(PATIENT_MARKS, 'responseHeaders', moreMs) });

it('compares the medians of the user’s own turns, where both kinds are in the data', () => {
  const fast = realtimeTurn({ marks: later(REALTIME_MARKS, 'responseAudio', -300) });
  const [found] = cascadeBehindRealtime.examine(evidence(20, (at) => (at < 10 ? fast : slow(800))));
  expect(found!.verdict).toBe(
    'gpt-realtime answers after 870 ms at the median, your cascade after 1,390 ms.',
  );
  expect(found!.saving!.meanMs).toBe(260);
});

it('is very unsure where no realtime model was measured', () => {
  const [found] = cascadeBehindRealtime.examine(evidence(10, () => slow(1500)));
  expect(found!.confidence.value).toBeLessThan(0.2);
});

it('finds nothing in a fast cascade, nor where tools take the time', () => {
  expect(cascadeBehindRealtime.examine(evidence(10, () => slow(200)))).toEqual([]);
  expect(cascadeBehindRealtime.examine(evidence(10, () => ({ ...slow(1500), toolCalls: 1 })))).toEqual([]);
});
