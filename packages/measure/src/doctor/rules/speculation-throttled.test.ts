import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS } from '../../testing/evidence.js';
import { speculationThrottled } from './speculation-throttled.js';

const NONE = { started: 0, kept: 0, cancelled: 0 };
const WASTED = { started: 3, kept: 0, cancelled: 3 };
const SLOW = later(later(PATIENT_MARKS, 'endpointingElapsed', 300), 'responseHeaders', 300);

it('finds it, with what it would save', () => {
  const [found] = speculationThrottled.examine(
    evidence(20, (at) => (at % 10 < 3 ? { speculation: WASTED } : { speculation: NONE, marks: SLOW })),
  );
  expect(found!.saving!.meanMs).toBeGreaterThan(140);
  expect(found!.saving!.meanMs).toBeLessThan(200);
  expect(found!.verdict).toContain('70 %');
});

it('is silent where none was ever started', () => {
  expect(speculationThrottled.examine(evidence(20, () => ({ speculation: NONE, marks: SLOW })))).toEqual([]);
});

it('is silent where they go on', () => {
  expect(speculationThrottled.examine(evidence(20))).toEqual([]);
});
