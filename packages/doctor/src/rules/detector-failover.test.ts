import { expect, it } from 'vitest';
import { evidence, reportedTurn, withEvents } from '../testing/evidence.js';
import { detectorFailover } from './detector-failover.js';
import { sttFinalSlow } from './stt-final-slow.js';

const LATE = evidence(6, () =>
  reportedTurn({
    e2eMs: 1_800,
    transcriptionDelayMs: 1_160,
    endOfTurnDelayMs: 1_180,
    llmTtftMs: 400,
    ttsTtfbMs: 200,
  }),
);
const FAILED = withEvents(LATE, (turn, at) => [
  ...(at === 0 ? [{ kind: 'detector failed' as const, atMs: turn.atMs + 100 }] : []),
  { kind: 'late transcript' as const, atMs: turn.atMs + 900 },
]);

it('finds it by LiveKit’s warning, with the turns since then', () => {
  const [found] = detectorFailover.examine(FAILED);
  expect(found!.verdict).toContain('committed after 1,180 ms in 5 turns');
  expect(found!.verdict).toContain('In 5 of these turns');
  expect(found!.saving!.meanMs).toBeCloseTo((5 / 6) * 820);
});

it('makes the other explanation of the same turns less sure', () => {
  const [alone, disputed] = [LATE, FAILED].map((all) => sttFinalSlow.examine(all)[0]!.confidence.value);
  expect(alone!).toBeGreaterThan(0.5);
  expect(disputed!).toBeLessThan(0.5);
});

it('finds nothing without the warning', () => {
  expect(detectorFailover.examine(LATE)).toEqual([]);
  expect(detectorFailover.examine(evidence(10))).toEqual([]);
});
