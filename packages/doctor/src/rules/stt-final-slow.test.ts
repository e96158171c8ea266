import { expect, it } from 'vitest';
import { evidence, reportedTurn } from '../testing/evidence.js';
import { sttFinalSlow } from './stt-final-slow.js';

it('finds it and estimates the saving', () => {
  const [found] = sttFinalSlow.examine(
    evidence(10, () =>
      reportedTurn({
        e2eMs: 1800,
        transcriptionDelayMs: 980,
        endOfTurnDelayMs: 1000,
        llmTtftMs: 300,
        ttsTtfbMs: 200,
      }),
    ),
  );
  expect(found!.saving!.meanMs).toBeGreaterThan(620);
  expect(found!.saving!.meanMs).toBeLessThan(640);
  expect(found!.verdict).toContain('980 ms after the last word');
});

it('finds nothing where the turn waited for the endpointing delay', () => {
  expect(
    sttFinalSlow.examine(
      evidence(10, () =>
        reportedTurn({
          e2eMs: 1800,
          transcriptionDelayMs: 500,
          endOfTurnDelayMs: 1000,
          llmTtftMs: 300,
          ttsTtfbMs: 200,
        }),
      ),
    ),
  ).toEqual([]);
});
