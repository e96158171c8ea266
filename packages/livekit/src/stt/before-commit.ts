import { type llm, voice } from '@livekit/agents';
import { wrapAgentMethod } from '../internals/agent-methods.js';

/** A turn about to be committed. Changes to either part reach the LLM request, as in `onUserTurnCompleted`. */
export interface CommittedTurn {
  chatCtx: llm.ChatContext;
  message: llm.ChatMessage;
}

/**
 * Runs `before` at every commit, before `onUserTurnCompleted` of the agent that is active then. LiveKit has no event for
 * that moment: `eou_metrics` arrives after the answer has been chosen.
 *
 * @returns a function that restores the agents' own hooks
 */
export function beforeCommit(session: voice.AgentSession, before: (turn: CommittedTurn) => void): () => void {
  const undo = new Map<voice.Agent, () => void>();
  const onTranscript = () => {
    const agent = session.currentAgent;
    if (undo.has(agent)) return;
    const restore = wrapAgentMethod(agent, 'onUserTurnCompleted', (inner) => async (chatCtx, message) => {
      before({ chatCtx, message });
      await inner.call(agent, chatCtx, message);
    });
    undo.set(agent, restore);
  };
  // Every commit is preceded by a transcript, so the active agent is always wrapped in time.
  const { UserInputTranscribed } = voice.AgentSessionEventTypes;
  session.on(UserInputTranscribed, onTranscript);
  return () => {
    session.off(UserInputTranscribed, onTranscript);
    for (const restore of undo.values()) restore();
    undo.clear();
  };
}
