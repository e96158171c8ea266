import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS } from '../testing/evidence.js';
import { speculationThrottled } from './speculation-throttled.js';

const NONE = { started: 0, kept: 0, cancelled: 0 };
const WASTED = { started: 3, kept: 0, cancelled: 3 };
const SLOW = later(later(PATIENT_MARKS, 'endpointingElapsed', 300), 'responseHeaders', 300);

it('finds it and estimates the saving', () => {
  const [found] = speculationThrottled.examine(
    evidence(20, (at) => (at % 10 < 3 ? { speculation: WASTED } : { speculation: NONE, marks: SLOW })),
  );
  expect(found!.saving!.meanMs).toBeGreaterThan(140);
  expect(found!.saving!.meanMs).toBeLessThan(200);
  expect(found!.verdict).toContain('70 %');
});

it('finds it where only LiveKit’s preemptive generation remains', () => {
  const EARLY = { interimTranscript: 1050, speculationStarted: 1060, finalTranscript: 1300 };
  const late = { ...SLOW, ...EARLY, speculationStarted: 1302 };
  const kept = { started: 1, kept: 1, cancelled: 0 };
  const [found] = speculationThrottled.examine(
    evidence(20, (at) =>
      at % 10 < 3
        ? { speculation: { started: 2, kept: 1, cancelled: 1 }, marks: late }
        : { speculation: kept, marks: late },
    ),
  );
  // 252 ms from the interim to that start; three of five are kept, in seven of ten turns.
  expect(found!.saving!.meanMs).toBeCloseTo(252 * 0.6 * 0.7, 0);
});

it('finds nothing where no speculation was ever started', () => {
  expect(speculationThrottled.examine(evidence(20, () => ({ speculation: NONE, marks: SLOW })))).toEqual([]);
});

it('finds nothing where speculation continues', () => {
  expect(speculationThrottled.examine(evidence(20))).toEqual([]);
});
