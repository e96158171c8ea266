import type { voice } from '@livekit/agents';
import { watchDelegatedAnswers } from '../realtime/delegation.js';
import { watchRescues } from '../realtime/rescue.js';
import { watchTranscriptAnswers } from '../realtime/transcript-answers.js';
import type { OpenTurn } from './observed-turn.js';
import { noteRescue, noteTranscriptAnswer } from './realtime-facts.js';
import type { WatchedParts } from './watched-parts.js';

/** The turns of a session, as far as an answer that is not its realtime model's changes them. */
export interface AnsweredTurns {
  openTurn(): OpenTurn | undefined;
  /** The connection was lost while the caller spoke, and the provider never ends the turn. */
  onUnended(atMs: number): void;
  /** The provider reports no end of a turn, and has sent nothing: the turn begins with its rescue, unless it has begun. */
  onUnreported(atMs: number): void;
}

/** Notes who answers in the place of a session's realtime model. Returns the functions that stop it. */
export function watchAnswers(
  session: voice.AgentSession,
  parts: WatchedParts,
  turns: AnsweredTurns,
): (() => void)[] {
  return [
    watchRescues(session, (rescue) => {
      if (rescue.llm) parts.watchAlso(rescue.llm);
      if (rescue.isUnended) turns.onUnended(rescue.atMs);
      if (rescue.isUnreported) turns.onUnreported(rescue.atMs);
      const open = turns.openTurn();
      if (open?.facts.realtime && noteRescue(open.facts, rescue)) delete open.answer;
    }),
    watchTranscriptAnswers(session, (answer) => {
      parts.watchAlso(answer.llm);
      noteTranscriptAnswer(turns.openTurn()?.facts, answer);
    }),
    watchDelegatedAnswers(session, ({ llm, createdMs, sentMs }) => {
      parts.watchAlso(llm);
      // The turn begins with the first words of its answer.
      parts.delegated = { createdMs, sentMs };
    }),
  ];
}
