import type { TurnRecord } from '@firstword/turn';

/**
 * Silence until the answer itself, ms; `undefined` when the turn has no answer. A filler phrase ends the felt gap but is
 * not an answer, so turns with one are measured up to the answer that follows it.
 */
export function answerGapMs({ bridge, feltGapMs }: TurnRecord): number | undefined {
  return bridge && feltGapMs !== undefined ? bridge.answerGapMs : feltGapMs;
}
