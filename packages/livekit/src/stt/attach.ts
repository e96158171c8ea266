import { type Clock, systemClock } from '@firstword/turn';
import { llm, voice } from '@livekit/agents';
import type { LlmRequest } from '../llm/llm.js';
import { firstwordLlmOf } from '../llm/prepared-llm.js';
import { type CancelReason, logCancelled } from '../observe/debug-log.js';
import { beforeCommit, type CommittedTurn } from './before-commit.js';
import { EagerSTT } from './eager-stt.js';
import { Floor } from './floor.js';

const { AgentSessionEventTypes: Event } = voice;

/** The prompt's size, four characters a token: for budgets, never shown. */
function promptTokens(session: voice.AgentSession): number {
  let characters = 0;
  for (const item of session.history.items)
    if (item.type === 'message') characters += item.textContent?.length ?? 0;
  try {
    characters += String(session.currentAgent.instructions).length;
  } catch {
    // Before the start there is no agent.
  }
  return Math.ceil(characters / 4);
}

/**
 * What the newest speculation's request has cost by now: as its LLM tells, where that is Firstword's (nothing, where it
 * was not sent yet), else its prompt's size.
 */
function costMeter(session: voice.AgentSession): { tokens: () => number; stop: () => void } {
  const model = firstwordLlmOf(session.llm);
  if (!model) return { tokens: () => promptTokens(session), stop: () => {} };
  let newest: LlmRequest | undefined;
  // Not for a reply made afresh at the commit: what it replaces is counted then.
  const onSpeechCreated = ({ speechHandle }: voice.SpeechCreatedEvent) =>
    queueMicrotask(() => {
      if (!speechHandle.scheduled) newest = undefined;
    });
  session.on(Event.SpeechCreated, onSpeechCreated);
  const unwatch = model.watch((request) => {
    newest = request;
  });
  const stop = () => {
    unwatch();
    session.off(Event.SpeechCreated, onSpeechCreated);
  };
  const tokens = () => (newest?.spent ? newest.spent.promptTokens + newest.spent.completionTokens : 0);
  return { tokens, stop };
}

/** The caller's newest words in history, if they are these, as the engine has written them since. Says whether they were. */
function rewriteHistory(session: voice.AgentSession, given: string, written: string): boolean {
  const last = session.history.items.findLast((item) => item.type === 'message' && item.role === 'user');
  if (last?.type !== 'message' || last.textContent !== given) return false;
  last.content = [written];
  return true;
}

/**
 * Lets an `EagerSTT` know its session: speculations start only while LiveKit would take them up, what was kept is
 * learned, a failed one is asked again at the commit, and history shows the final, well-written transcript. The user's
 * hooks run as ever. Call it before `session.start()`. Returns how to stop.
 *
 * @param options.stt the ears, where they are an agent's rather than the session's
 */
export function attachEagerSTT(
  session: voice.AgentSession,
  options: { stt?: EagerSTT; clock?: Clock } = {},
): () => void {
  const ears = options.stt ?? session.stt;
  if (!(ears instanceof EagerSTT)) return () => {};
  const clock = options.clock ?? systemClock;
  const cost = costMeter(session);
  const waste = (reason: CancelReason) => {
    const tokens = cost.tokens();
    ears.account.addWastedTokens(tokens, clock.nowMs());
    logCancelled(reason, tokens);
  };
  const lose = (reason: CancelReason) => {
    if (!ears.account.running) return;
    waste(reason);
    ears.account.cancel();
  };
  const floor = new Floor({
    session,
    onFree: () => ears.reconsider(),
    onDropped: () => lose('dropped by LiveKit'),
  });
  ears.view({
    mayStart: () => !floor.isHeld,
    giveUpFloor: (words) => floor.giveUp(words),
    onWrittenLate: (given, written, other) => {
      if (rewriteHistory(session, given, written) && other) floor.askAgain();
    },
    costTokens: cost.tokens,
  });

  const onCommit = ({ chatCtx, message }: CommittedTurn) => {
    ears.committed();
    const corrected = ears.memory.correct(message.textContent ?? '');
    if (corrected !== undefined) message.content = [corrected];
    // LiveKit takes a speculation up whether or not it failed, unless the context is another. No LLM is shown this item.
    if (floor.hasFailed) chatCtx.insert(llm.AgentConfigUpdate.create({}));
  };
  const onSpeechCreated = ({ speechHandle }: voice.SpeechCreatedEvent) => floor.add(speechHandle);
  const onError = ({ error }: voice.ErrorEvent) => {
    if (error.type === 'llm_error' && !error.recoverable && floor.noteFailure()) lose('LLM failed');
  };
  // Words told while the agent still spoke may be worth a start once it has been talked into silence.
  const onAgentState = ({ oldState }: voice.AgentStateChangedEvent) => {
    if (oldState === 'speaking') ears.reconsider();
  };
  const onMetrics = ({ metrics }: voice.MetricsCollectedEvent) => {
    if (metrics.type !== 'eou_metrics') return;
    // A reply begun after the user's hook ran was made afresh: the hook changed the context, or the words were others.
    const kept = floor.wasEarly(metrics.speechId);
    if (ears.account.running && !kept) waste('not kept');
    ears.account.commit(kept);
  };
  const onItem = ({ item }: voice.ConversationItemAddedEvent) => {
    if (item.type === 'agent_handoff') ears.handedOver();
    if (item.type !== 'message' || item.role !== 'user' || item.content.length !== 1) return;
    const [text] = item.content;
    if (typeof text !== 'string') return;
    const written = ears.memory.claim(text);
    if (written !== undefined) item.content = [written];
  };
  const restoreHooks = beforeCommit(session, onCommit);
  // Closing takes LiveKit half a second, in which a last one may be begun.
  const onClose = () => lose('session closed');
  session.on(Event.Close, onClose);
  session.on(Event.SpeechCreated, onSpeechCreated);
  session.on(Event.AgentStateChanged, onAgentState);
  session.on(Event.Error, onError);
  session.on(Event.MetricsCollected, onMetrics);
  session.on(Event.ConversationItemAdded, onItem);
  return () => {
    restoreHooks();
    cost.stop();
    session.off(Event.Close, onClose);
    session.off(Event.SpeechCreated, onSpeechCreated);
    session.off(Event.AgentStateChanged, onAgentState);
    session.off(Event.Error, onError);
    session.off(Event.MetricsCollected, onMetrics);
    session.off(Event.ConversationItemAdded, onItem);
    ears.view(undefined);
  };
}
