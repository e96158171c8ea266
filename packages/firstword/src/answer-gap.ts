import type { TurnRecord } from '@firstword/turn';

/** Silence until the answer itself, ms: a bridge phrase ends the felt gap, and is no answer. */
export function answerGapMs({ bridge, feltGapMs }: TurnRecord): number | undefined {
  return bridge ? bridge.answerGapMs : feltGapMs;
}
