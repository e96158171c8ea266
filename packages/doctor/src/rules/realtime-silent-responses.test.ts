import { expect, it } from 'vitest';
import { evidence, later, REALTIME_MARKS, realtimeTurn } from '../testing/evidence.js';
import { failedTurns } from './failed-turns.js';
import { realtimeSilentResponses } from './realtime-silent-responses.js';

const SILENT = { responses: 1, silentResponses: 1 };
const { firstAudible: _heard, framePublished: _sent, responseAudio: _audio, ...BEFORE } = REALTIME_MARKS;
const silent = realtimeTurn({
  marks: BEFORE,
  outcome: 'failed',
  failure: { part: 'llm', code: 'empty_answer' },
  realtime: SILENT,
});
const rescued = realtimeTurn({
  marks: { ...later(REALTIME_MARKS, 'responseAudio', 2000), rescueStarted: 3570 },
  realtime: { responses: 2, silentResponses: 1 },
  rescue: { afterMs: 2000, isHeard: true, reason: 'empty', by: 'model' },
});

it('weighs turns that stay silent as failed, and leaves them out of the other rule', () => {
  const all = evidence(10, (at) => (at < 2 ? silent : realtimeTurn()));
  const [found] = realtimeSilentResponses.examine(all);
  expect(found!.verdict).toContain(
    'gpt-realtime does not answer by itself in 2 of 10 turns (20 %): 2 stay silent',
  );
  expect(found!.failedShare).toBe(0.2);
  expect(found!.fix.firstword.code).toContain('rescue');
  expect(failedTurns.examine(all)).toEqual([]);
});

it('counts the wait for the rescue where the model was asked again', () => {
  const [found] = realtimeSilentResponses.examine(evidence(10, (at) => (at < 5 ? rescued : realtimeTurn())));
  expect(found!.verdict).toContain('5 are answered 2,000 ms later, by a rescue (empty 5)');
  // The first response would have needed 30 ms to begin.
  expect(found!.saving!.meanMs).toBe(985);
  expect(found!.failedShare).toBeUndefined();
});

it('finds nothing where each response is heard', () => {
  expect(realtimeSilentResponses.examine(evidence(10, () => realtimeTurn()))).toEqual([]);
});
