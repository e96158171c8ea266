import { expect, it } from 'vitest';
import { evidence, later, REALTIME_MARKS, realtimeTurn, reportedTurn } from '../testing/evidence.js';
import { realtimeSlow } from './realtime-slow.js';

const response = (firstMs: number) =>
  reportedTurn(
    { llmTtftMs: firstMs, isRealtime: true },
    {
      marks: {},
      llm: { provider: 'acme', model: 'acme-live-1', emulated: false, requests: 1 },
    },
  );

it('finds it, and says what the figure does not contain', () => {
  const [found] = realtimeSlow.examine(evidence(3, (at) => response([8_300, 2_100, 5_700][at]!)));
  expect(found!.verdict).toContain('acme-live-1 takes 5,700 ms at the median, up to 8,300 ms');
  expect(found!.verdict).toContain('turn detection before it');
  expect(found!.saving!.meanMs).toBeGreaterThan(4_000);
});

it('finds nothing in a fast model, nor in a cascade', () => {
  expect(realtimeSlow.examine(evidence(3, () => response(700)))).toEqual([]);
  expect(realtimeSlow.examine(evidence(10))).toEqual([]);
});

it('takes the ledger’s own time, and does not ask for what it has', () => {
  const late = realtimeTurn({ marks: later(REALTIME_MARKS, 'responseAudio', 1500) });
  const [found] = realtimeSlow.examine(evidence(10, (at) => (at % 2 === 0 ? late : realtimeTurn())));
  expect(found!.verdict).toContain('up to 2,070 ms, from the end of the turn to its first output');
  expect(found!.saving!.meanMs).toBe(710);
  expect(found!.logNext).toBeUndefined();
  expect(realtimeSlow.examine(evidence(10, () => realtimeTurn()))).toEqual([]);
});
