import { type Clock, systemClock } from '@firstword/turn';
import { voice } from '@livekit/agents';
import { EagerSTT } from './eager-stt.js';

const { AgentSessionEventTypes: Event } = voice;

/** Whether the agent holds the floor: LiveKit drops speculations made meanwhile, and they would answer half a turn. */
function agentHoldsFloor(session: voice.AgentSession): boolean {
  try {
    const speech = session.currentAgent.getActivityOrThrow().currentSpeech;
    return speech !== undefined && !speech.interrupted;
  } catch {
    // Between agents, or before the start.
    return true;
  }
}

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
 * Lets an `EagerSTT` know its session: speculations start only while LiveKit would take them up, what was kept is
 * learned, and history shows the final, well-written transcript. Only listens; the user's hooks are left alone.
 * Call it before `session.start()`. Returns how to stop.
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
  const createdMs = new Map<string, number>();
  ears.view({
    mayStart: () => !agentHoldsFloor(session),
    costTokens: () => promptTokens(session),
  });

  const onSpeechCreated = ({ speechHandle }: voice.SpeechCreatedEvent) => {
    createdMs.set(speechHandle.id, clock.nowMs());
    speechHandle.addDoneCallback(() => createdMs.delete(speechHandle.id));
  };
  const onMetrics = ({ metrics }: voice.MetricsCollectedEvent) => {
    if (metrics.type !== 'eou_metrics') return;
    const startedMs = createdMs.get(metrics.speechId ?? '');
    const hooksBeganMs = clock.nowMs() - metrics.onUserTurnCompletedDelayMs;
    // A reply made after the hooks ran was made afresh: they changed the context, or the words were others.
    const kept = ears.account.running && startedMs !== undefined && startedMs < hooksBeganMs - 1;
    if (ears.account.running && !kept) ears.account.waste(promptTokens(session), clock.nowMs());
    ears.account.commit(kept);
  };
  const onItem = ({ item }: voice.ConversationItemAddedEvent) => {
    if (item.type !== 'message' || item.role !== 'user' || item.content.length !== 1) return;
    const [text] = item.content;
    if (typeof text !== 'string') return;
    const written = ears.memory.claim(text);
    if (written !== undefined) item.content = [written];
  };
  session.on(Event.SpeechCreated, onSpeechCreated);
  session.on(Event.MetricsCollected, onMetrics);
  session.on(Event.ConversationItemAdded, onItem);
  return () => {
    session.off(Event.SpeechCreated, onSpeechCreated);
    session.off(Event.MetricsCollected, onMetrics);
    session.off(Event.ConversationItemAdded, onItem);
    ears.view(undefined);
  };
}
