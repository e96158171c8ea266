import { type Clock, systemClock } from '@firstword/turn';
import { llm, voice } from '@livekit/agents';
import type { LlmRequest } from '../llm/llm.js';
import { firstwordLlmOf } from '../llm/prepared-llm.js';
import { beforeCommit, type CommittedTurn } from './before-commit.js';
import { EagerSTT } from './eager-stt.js';
import { SpeechTracker } from './speech-tracker.js';

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
function speculationCost(session: voice.AgentSession): { tokens: () => number; stop: () => void } {
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

/** Gives the caller's words in history the spelling of the STT, where LiveKit was given another. */
function restoreSpelling(eagerStt: EagerSTT, item: voice.ConversationItemAddedEvent['item']): void {
  if (item.type !== 'message' || item.role !== 'user' || item.content.length !== 1) return;
  const [text] = item.content;
  if (typeof text !== 'string') return;
  const written = eagerStt.segments.claim(text);
  if (written !== undefined) item.content = [written];
}

function listen<E extends Parameters<voice.AgentSession['on']>[0]>(
  session: voice.AgentSession,
  event: E,
  handler: Parameters<typeof voice.AgentSession.prototype.on<E>>[1],
): () => void {
  session.on(event, handler);
  return () => session.off(event, handler);
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
  const eagerStt = options.stt ?? session.stt;
  if (!(eagerStt instanceof EagerSTT)) return () => {};
  const clock = options.clock ?? systemClock;
  const cost = speculationCost(session);
  const lose = () => {
    if (!eagerStt.speculator.running) return;
    eagerStt.speculator.waste(cost.tokens(), clock.nowMs());
    eagerStt.speculator.cancel();
  };
  const speeches = new SpeechTracker({ session, onFree: () => eagerStt.reconsider(), onDropped: lose });
  eagerStt.setHost({
    canSpeculate: () => !speeches.isReplyActive,
    interruptReplies: (words) => speeches.interruptReplies(words),
    onLateFinal: (given, written, other) => {
      if (rewriteHistory(session, given, written) && other) speeches.regenerateReply();
    },
    costTokens: cost.tokens,
  });

  const onCommit = ({ chatCtx, message }: CommittedTurn) => {
    eagerStt.committed();
    const corrected = eagerStt.segments.correct(message.textContent ?? '');
    if (corrected !== undefined) message.content = [corrected];
    // LiveKit takes a speculation up whether or not it failed, unless the context is another. No LLM is shown this item.
    if (speeches.hasFailedSpeculation) chatCtx.insert(llm.AgentConfigUpdate.create({}));
  };
  const onSpeechCreated = ({ speechHandle }: voice.SpeechCreatedEvent) => speeches.add(speechHandle);
  const onError = ({ error }: voice.ErrorEvent) => {
    if (error.type === 'llm_error' && !error.recoverable && speeches.noteFailure()) lose();
  };
  // Words told while the agent still spoke may be worth a start once it has been talked into silence.
  const onAgentState = ({ oldState }: voice.AgentStateChangedEvent) => {
    if (oldState === 'speaking') eagerStt.reconsider();
  };
  const onMetrics = ({ metrics }: voice.MetricsCollectedEvent) => {
    if (metrics.type !== 'eou_metrics') return;
    // A reply begun after the user's hook ran was made afresh: the hook changed the context, or the words were others.
    const kept = speeches.isSpeculation(metrics.speechId);
    if (eagerStt.speculator.running && !kept) eagerStt.speculator.waste(cost.tokens(), clock.nowMs());
    eagerStt.speculator.commit(kept);
  };
  const onItem = ({ item }: voice.ConversationItemAddedEvent) => {
    if (item.type === 'agent_handoff') eagerStt.handedOver();
    else restoreSpelling(eagerStt, item);
  };
  const restoreHooks = beforeCommit(session, onCommit);
  const stops = [
    // LiveKit takes half a second to close: a last speculation may start meanwhile.
    listen(session, Event.Close, lose),
    listen(session, Event.SpeechCreated, onSpeechCreated),
    listen(session, Event.AgentStateChanged, onAgentState),
    listen(session, Event.Error, onError),
    listen(session, Event.MetricsCollected, onMetrics),
    listen(session, Event.ConversationItemAdded, onItem),
  ];
  return () => {
    restoreHooks();
    cost.stop();
    for (const stop of stops) stop();
    eagerStt.setHost(undefined);
  };
}
