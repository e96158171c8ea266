import { type Clock, systemClock } from '@firstword/turn';
import { voice } from '@livekit/agents';
import { EagerSTT } from './eager-stt.js';

const { AgentSessionEventTypes: Event } = voice;

/** The session's speeches: which were begun before their turn was over, and whether the agent holds the floor. */
class Speeches {
  readonly #handles = new Set<voice.SpeechHandle>();
  readonly #early = new Set<string>();

  add(handle: voice.SpeechHandle): void {
    this.#handles.add(handle);
    // A speculation stays unscheduled until the commit; any other reply is scheduled before this tick ends.
    queueMicrotask(() => !handle.scheduled && this.#early.add(handle.id));
    handle.addDoneCallback(() => {
      this.#handles.delete(handle);
      this.#early.delete(handle.id);
    });
  }

  wasEarly(id: string | undefined): boolean {
    return id !== undefined && this.#early.has(id);
  }

  /**
   * While a reply is in hand, its tools included, LiveKit drops speculations, or worse, answers twice (agents-js#1365).
   */
  get holdFloor(): boolean {
    return [...this.#handles].some((h) => h.scheduled && !h.interrupted && !h.done());
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
  const speeches = new Speeches();
  ears.view({
    mayStart: () => !speeches.holdFloor,
    costTokens: () => promptTokens(session),
  });

  const onSpeechCreated = ({ speechHandle }: voice.SpeechCreatedEvent) => speeches.add(speechHandle);
  const onMetrics = ({ metrics }: voice.MetricsCollectedEvent) => {
    if (metrics.type !== 'eou_metrics') return;
    // A reply begun after the user's hook ran was made afresh: the hook changed the context, or the words were others.
    const kept = speeches.wasEarly(metrics.speechId);
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
