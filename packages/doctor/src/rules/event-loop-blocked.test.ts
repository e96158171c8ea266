import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS, withEvents } from '../testing/evidence.js';
import { cpuStarvation } from './cpu-starvation.js';
import { eventLoopBlocked } from './event-loop-blocked.js';

it('finds it and estimates the saving', () => {
  const [found] = eventLoopBlocked.examine(
    evidence(10, () => ({ marks: later(later(PATIENT_MARKS, 'llmRequested', 150), 'framePublished', 150) })),
  );
  expect(found!.saving!.meanMs).toBeGreaterThan(280);
  expect(found!.saving!.meanMs).toBeLessThan(320);
  expect(found!.verdict).toContain('only thread');
});

it('finds nothing where hand-offs are quick', () => {
  expect(eventLoopBlocked.examine(evidence(10, () => ({ marks: PATIENT_MARKS })))).toEqual([]);
});

it('takes LiveKit’s own reports within turns', () => {
  const [found] = eventLoopBlocked.examine(
    withEvents(
      evidence(8, () => ({ marks: PATIENT_MARKS })),
      () => [{ kind: 'event loop blocked', ms: 300 }],
    ),
  );
  expect(found!.saving!.meanMs).toBeCloseTo(300);
  expect(found!.verdict).toContain('reports it 8 times');
  expect(found!.confidence.value).toBeGreaterThan(0.85);
});

it('takes a process that does not answer its worker for blocked, unless the machine is busy', () => {
  const turns = evidence(8, () => ({ marks: PATIENT_MARKS }));
  const late = { kind: 'process unresponsive', ms: 900 } as const;
  const alone = withEvents(turns, (_, at) => (at % 2 === 0 ? [late] : []));
  expect(eventLoopBlocked.examine(alone)[0]!.confidence.value).toBeGreaterThan(0.5);
  expect(cpuStarvation.examine(alone)[0]!.confidence.value).toBeLessThan(0.5);
  const busy = withEvents(turns, () => [late, { kind: 'slow inference', ms: 400 }]);
  expect(eventLoopBlocked.examine(busy)).toEqual([]);
  expect(cpuStarvation.examine(busy)[0]!.confidence.value).toBeGreaterThan(0.8);
});
