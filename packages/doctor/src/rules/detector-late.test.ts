import { expect, it } from 'vitest';
import { evidence, reportedTurn, withEvents } from '../testing/evidence.js';
import { detectorLate } from './detector-late.js';

const ended = (endMs: number, sttMs = 300) =>
  reportedTurn({
    e2eMs: endMs + 600,
    transcriptionDelayMs: sttMs,
    endOfTurnDelayMs: endMs,
    llmTtftMs: 400,
    ttsTtfbMs: 200,
  });

const SOME_LATE = evidence(10, (at) => ended(at === 3 ? 1210 : at === 6 ? 1140 : 555));

it('finds single late commits at no constant delay', () => {
  const [found] = detectorLate.examine(SOME_LATE);
  expect(found!.verdict).toContain('2 of 10 turns are committed after 1,175 ms instead of 555 ms');
  expect(found!.saving!.meanMs).toBeCloseTo(124);
});

it('finds nothing where the transcript was late as well', () => {
  expect(detectorLate.examine(evidence(10, (at) => (at === 3 ? ended(1210, 1190) : ended(555))))).toEqual([]);
});

it('leaves turns to the machine in which it was late', () => {
  const busy = withEvents(SOME_LATE, (_, at) =>
    at === 3 || at === 6 ? [{ kind: 'slow inference', ms: 600 }] : [],
  );
  expect(detectorLate.examine(busy)).toEqual([]);
});

it('finds nothing in constant commits', () => {
  expect(detectorLate.examine(evidence(10, () => ended(555)))).toEqual([]);
  expect(detectorLate.examine(evidence(10))).toEqual([]);
});

it('takes LiveKit’s own warning, and is sure then', () => {
  const [found] = detectorLate.examine(
    withEvents(
      evidence(8, () => ended(1_300)),
      () => [{ kind: 'detector late', ms: 800 }],
    ),
  );
  expect(found!.verdict).toContain('takes too long (800 ms at the median)');
  expect(found!.confidence.value).toBeGreaterThan(0.8);
});
