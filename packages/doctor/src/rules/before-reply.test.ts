import { expect, it } from 'vitest';
import { evidence, reportedTurn } from '../testing/evidence.js';
import { beforeReply } from './before-reply.js';

it('finds it and estimates the saving', () => {
  const [found] = beforeReply.examine(
    evidence(1, () => reportedTurn({ e2eMs: 2438, replyReleasedMs: 831, llmTtftMs: 1318, ttsTtfbMs: 267 })),
  );
  expect(found!.saving!.meanMs).toBeGreaterThan(500);
  expect(found!.saving!.meanMs).toBeLessThan(502);
  expect(found!.verdict).toContain('in neither the LLM nor the TTS');
  expect(found!.logNext!.code).toContain('ConversationItemAdded');
});

it('finds nothing where transcript and delay are reported', () => {
  expect(
    beforeReply.examine(
      evidence(1, () =>
        reportedTurn({
          e2eMs: 2438,
          replyReleasedMs: 831,
          endOfTurnDelayMs: 800,
          llmTtftMs: 1318,
          ttsTtfbMs: 267,
        }),
      ),
    ),
  ).toEqual([]);
});
