import { type llm, voice } from '@livekit/agents';
import { wrapAgentMethod } from '../internals/agent-methods.js';

/** A turn that is about to be committed. Changes to either end in the request, as in `onUserTurnCompleted`. */
export interface CommittedTurn {
  chatCtx: llm.ChatContext;
  message: llm.ChatMessage;
}

/**
 * Runs `before` at every commit, ahead of the agent's own `onUserTurnCompleted`, whichever agent is in charge then.
 * LiveKit has no event for that moment: `eou_metrics` comes when the answer has been chosen already.
 * Returns how to stop; the agents have their own hooks back then.
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
  // No turn is committed before its words have been told.
  const { UserInputTranscribed } = voice.AgentSessionEventTypes;
  session.on(UserInputTranscribed, onTranscript);
  return () => {
    session.off(UserInputTranscribed, onTranscript);
    for (const restore of undo.values()) restore();
    undo.clear();
  };
}
