import { type Clock, systemClock } from '@firstword/turn';
import { llm, voice } from '@livekit/agents';
import { assertSameCopy } from '../compatibility/same-copy.js';
import { activityParts } from '../internals/session-activity.js';
import type { LlmRequest } from '../llm/llm.js';
import { firstwordLlmOf } from '../llm/prepared-llm.js';
import { guardSpeculations } from '../llm/speculation-errors.js';
import { type CancelReason, logCancelled } from '../observe/debug-log.js';
import { listenTo } from '../observe/listen-to.js';
import { type AttachedHold, attachHold } from './attach-hold.js';
import { beforeCommit, type CommittedTurn } from './before-commit.js';
import { EagerSTT, type SpeculationHost } from './eager-stt.js';
import { SpeechTracker } from './speech-tracker.js';

const { AgentSessionEventTypes: Event } = voice;

/** Estimated prompt size, tokens, at four characters a token. Used for the speculation budget only, never reported. */
function promptTokens(session: voice.AgentSession): number {
  let characters = 0;
  for (const item of session.history.items)
    if (item.type === 'message') characters += item.textContent?.length ?? 0;
  try {
    characters += String(session.currentAgent.instructions).length;
  } catch {
    // There is no agent before the session starts.
  }
  return Math.ceil(characters / 4);
}

/**
 * Tokens that the newest speculation has cost so far. A `FirstwordLLM` counts them (0 while the request is not sent); for
 * other LLMs it is the estimated prompt size.
 */
function speculationCost(session: voice.AgentSession): { tokens: () => number; stop: () => void } {
  const model = firstwordLlmOf(activityParts(session).llm);
  if (!model) return { tokens: () => promptTokens(session), stop: () => {} };
  let newest: LlmRequest | undefined;
  // A reply generated at the commit is no speculation: keep the count of the speculation that it replaces.
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

/** Replaces the caller's newest words in history by the STT's later spelling. Returns false if they are not `given`. */
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

/** Gives the turn that is being committed the STT's own spelling, and keeps a failed speculation from being used. */
function correctCommit(
  eagerStt: EagerSTT,
  speeches: SpeechTracker,
  { chatCtx, message }: CommittedTurn,
): void {
  eagerStt.committed();
  const corrected = eagerStt.segments.correct(message.textContent ?? '');
  if (corrected !== undefined) message.content = [corrected];
  // LiveKit keeps a failed speculation if the chat context is unchanged. This item changes it; no LLM receives the item.
  if (speeches.hasFailedSpeculation) chatCtx.insert(llm.AgentConfigUpdate.create({}));
}

function hostOf(
  session: voice.AgentSession,
  speeches: SpeechTracker,
  of: AttachedHold & { costTokens: () => number },
): SpeculationHost {
  return {
    canSpeculate: () => !speeches.isReplyActive,
    holdMs: (words) => of.hold.waitMs(words),
    interruptReplies: (words) => speeches.interruptReplies(words),
    onLateFinal: (given, written, wordsDiffer) => {
      if (rewriteHistory(session, given, written) && wordsDiffer) speeches.regenerateReply();
    },
    costTokens: of.costTokens,
  };
}

/**
 * Connects an `EagerSTT` to its session. Speculations then start only while LiveKit accepts them, kept and cancelled ones
 * are counted, a failed one is repeated at the commit without an error of the session, and history shows the STT's final
 * spelling. The agent's own hooks still run. Call it before `session.start()`.
 *
 * @param options.stt the `EagerSTT`, if it belongs to an agent instead of the session
 * @returns a function that disconnects it
 */
export function attachEagerSTT(
  session: voice.AgentSession,
  options: { stt?: EagerSTT; clock?: Clock } = {},
): () => void {
  assertSameCopy({ session });
  const { stt: eagerStt = activityParts(session).stt, clock = systemClock } = options;
  if (!(eagerStt instanceof EagerSTT)) return () => {};
  const cost = speculationCost(session);
  const waste = (reason: CancelReason) => {
    const tokens = cost.tokens();
    eagerStt.speculator.addWastedTokens(tokens, clock.nowMs());
    logCancelled(reason, tokens);
  };
  const lose = (reason: CancelReason) => {
    if (!eagerStt.speculator.running) return;
    waste(reason);
    eagerStt.speculator.cancel();
  };
  const speeches = new SpeechTracker({
    session,
    onFree: () => eagerStt.reconsider(),
    onDropped: () => lose('dropped by LiveKit'),
  });
  const held = attachHold(session, clock);
  eagerStt.setHost(hostOf(session, speeches, { ...held, costTokens: cost.tokens }));

  // Words heard while the agent spoke may be worth a speculation once the caller has made it stop.
  const onAgentState = ({ oldState }: voice.AgentStateChangedEvent) => {
    if (oldState === 'speaking') eagerStt.reconsider();
  };
  const onMetrics = ({ metrics }: voice.MetricsCollectedEvent) => {
    held.note(metrics);
    if (metrics.type !== 'eou_metrics') return;
    // A reply created after the user's hook is not the speculation: the hook changed the context, or the words differ.
    const kept = speeches.isSpeculation(metrics.speechId);
    if (eagerStt.speculator.running && !kept) waste('not kept');
    eagerStt.speculator.commit(kept);
  };
  const onItem = ({ item }: voice.ConversationItemAddedEvent) => {
    if (item.type === 'agent_handoff') eagerStt.handedOver();
    else restoreSpelling(eagerStt, item);
  };
  const restoreHooks = beforeCommit(session, (turn) => correctCommit(eagerStt, speeches, turn));
  const stopGuard = guardSpeculations(session, (error) => {
    if (error.type === 'llm_error' && !error.recoverable && speeches.noteFailure()) lose('LLM failed');
  });
  const stops = [stopGuard, held.stop];
  const on = listenTo(session, stops);
  // LiveKit takes half a second to close: a last speculation may start meanwhile.
  on(Event.Close, () => lose('session closed'));
  on(Event.SpeechCreated, ({ speechHandle }) => speeches.add(speechHandle));
  on(Event.AgentStateChanged, onAgentState);
  on(Event.MetricsCollected, onMetrics);
  on(Event.ConversationItemAdded, onItem);
  stops.push(cost.stop, restoreHooks, () => eagerStt.setHost(undefined));
  return () => {
    for (const stop of stops) stop();
  };
}
