import { type llm, voice } from '@livekit/agents';
import { wrapAgentMethod } from '../internals/agent-methods.js';

/** A turn about to be committed. Changes to either part reach the LLM request, as in `onUserTurnCompleted`. */
export interface CommittedTurn {
  chatCtx: llm.ChatContext;
  message: llm.ChatMessage;
}

/** Called before `onUserTurnCompleted`. A function that it returns is called after it, if that has not failed. */
export type BeforeCommit = (turn: CommittedTurn) => void | Promise<() => void>;

/** What is to run before the commits of a session. */
interface CommitHooks {
  before: Set<BeforeCommit>;
  /** Restores the agents' own hooks. */
  restore(): void;
}

const hooks = new WeakMap<voice.AgentSession, CommitHooks>();

function openHooks(session: voice.AgentSession): CommitHooks {
  const before = new Set<BeforeCommit>();
  const undo = new Map<voice.Agent, () => void>();
  const onTranscript = () => {
    const agent = session.currentAgent;
    if (undo.has(agent)) return;
    const restore = wrapAgentMethod(agent, 'onUserTurnCompleted', (inner) => async (chatCtx, message) => {
      const after: (() => void)[] = [];
      for (const run of before) {
        const then = run({ chatCtx, message });
        if (then) after.push(await then);
      }
      await inner.call(agent, chatCtx, message);
      for (const run of after) run();
    });
    undo.set(agent, restore);
  };
  // Every commit is preceded by a transcript, so the active agent is always wrapped in time.
  const { UserInputTranscribed } = voice.AgentSessionEventTypes;
  session.on(UserInputTranscribed, onTranscript);
  const restore = () => {
    session.off(UserInputTranscribed, onTranscript);
    for (const restoreAgent of undo.values()) restoreAgent();
    undo.clear();
  };
  return { before, restore };
}

/**
 * Runs `before` at every commit, before `onUserTurnCompleted` of the agent that is active then. LiveKit has no event for
 * that moment: `eou_metrics` arrives after the answer has been chosen.
 *
 * @returns a function that stops it; the last one of a session restores the agents' own hooks
 */
export function beforeCommit(session: voice.AgentSession, before: BeforeCommit): () => void {
  const ofSession = hooks.get(session) ?? openHooks(session);
  hooks.set(session, ofSession);
  ofSession.before.add(before);
  return () => {
    ofSession.before.delete(before);
    if (ofSession.before.size > 0 || hooks.get(session) !== ofSession) return;
    ofSession.restore();
    hooks.delete(session);
  };
}
