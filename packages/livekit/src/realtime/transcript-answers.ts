import { type Clock, systemClock } from '@firstword/turn';
import { llm, voice } from '@livekit/agents';
import { realtimeSessionOf } from '../internals/answer-llm.js';
import { activityParts } from '../internals/session-activity.js';
import { listenTo } from '../observe/listen-to.js';
import { SessionListeners } from '../observe/session-listeners.js';
import { attachDelegations } from './delegation.js';
import type { RealtimeTurnEnd } from './realtime-turn.js';
import { answerByCascade, cascadeContext, reportErrorsOf } from './rescue-answer.js';
import { RealtimeWatch } from './watch-realtime.js';

const { AgentSessionEventTypes: Event } = voice;

/** A turn whose words have not come by then is lost, and the caller is asked to repeat it, ms after its end. */
const WORDS_WITHIN_MS = 3000;
const NO_WORDS =
  'The caller said something that could not be understood. Ask them in a few words to repeat it, in the language of the conversation.';

/** An LLM answers a turn that a realtime model has heard. Times on the session's clock, ms. */
export interface TranscriptAnswer {
  llm: llm.LLM;
  /** The words were there; `undefined` if none came, and the caller is asked to repeat them. */
  wordsMs: number | undefined;
  /** The agent's `onUserTurnCompleted` had returned. */
  readyMs: number;
}

const answers = new SessionListeners<TranscriptAnswer>();

/** Responses of realtime models that are not played, because an LLM answers. */
const discarded = new WeakSet<voice.SpeechHandle>();

/** Whether a speech is a response of a realtime model in whose place an LLM answers. */
export const isDiscarded = (speech: voice.SpeechHandle): boolean => discarded.has(speech);

/** Calls `listener` whenever an LLM is asked to answer what a realtime model has heard; the returned function stops it. */
export function watchTranscriptAnswers(
  session: voice.AgentSession,
  listener: (answer: TranscriptAnswer) => void,
): () => void {
  return answers.watch(session, listener);
}

/** Answers each turn that the provider ends, as soon as its words are known. */
class TranscriptAnswers {
  readonly #session: voice.AgentSession;
  readonly #llm: llm.LLM;
  readonly #clock: Clock;
  /** The turn that waits for its words. */
  #turn: RealtimeTurnEnd | undefined;
  #finals: voice.UserInputTranscribedEvent[] = [];
  #cancelTimer = () => {};

  constructor(session: voice.AgentSession, model: llm.LLM, clock: Clock) {
    this.#session = session;
    this.#llm = model;
    this.#clock = clock;
  }

  onCallerSpeaks(): void {
    this.stop();
    this.#finals = [];
  }

  onFinal(event: voice.UserInputTranscribedEvent): void {
    this.#finals.push(event);
    // The conversation has the message after this event.
    if (this.#turn) this.#clock.schedule(0, () => this.#onWords());
  }

  onTurnEnded(end: RealtimeTurnEnd): void {
    this.stop();
    this.#turn = end;
    this.#cancelTimer = this.#clock.schedule(WORDS_WITHIN_MS, () => this.#askToRepeat());
    this.#onWords();
  }

  /** The LLM answers: a response of the realtime model is not played. */
  discard({ speechHandle, userInitiated, source }: voice.SpeechCreatedEvent): void {
    if (userInitiated || source !== 'generate_reply') return;
    discarded.add(speechHandle);
    speechHandle.interrupt(true);
    this.#clock.schedule(0, () => void realtimeSessionOf(this.#session)?.interrupt());
  }

  stop(): void {
    this.#cancelTimer();
    this.#turn = undefined;
  }

  #onWords(): void {
    const turn = this.#turn;
    if (!turn) return;
    // An STT of the session's own names no message.
    const heard = this.#finals.filter(({ itemId }) => !turn.itemId || !itemId || itemId === turn.itemId);
    if (heard.length === 0) return;
    this.stop();
    const words = heard
      .map(({ transcript }) => transcript)
      .join(' ')
      .trim();
    if (words === '') this.#speak(cascadeContext(this.#session, NO_WORDS), undefined);
    else void this.#answer(words, turn.itemId ?? heard.at(-1)?.itemId).catch(() => {});
  }

  async #answer(words: string, itemId: string | null | undefined): Promise<void> {
    const session = this.#session;
    const wordsMs = this.#clock.nowMs();
    const chatCtx = cascadeContext(session, undefined);
    const known = itemId ? chatCtx.getById(itemId) : undefined;
    const message =
      known instanceof llm.ChatMessage ? known : llm.ChatMessage.create({ role: 'user', content: words });
    // As LiveKit calls the hook: the message is not yet part of the conversation.
    chatCtx.items = chatCtx.items.filter((item) => item !== known);
    try {
      await session.currentAgent.onUserTurnCompleted(chatCtx, message);
    } catch (error) {
      if (error instanceof voice.StopResponse) return;
      throw error;
    }
    chatCtx.items.push(message);
    this.#speak(chatCtx, wordsMs);
  }

  #askToRepeat(): void {
    this.stop();
    this.#speak(cascadeContext(this.#session, NO_WORDS), undefined);
  }

  #speak(chatCtx: llm.ChatContext, wordsMs: number | undefined): void {
    const session = this.#session;
    answers.report(session, { llm: this.#llm, wordsMs, readyMs: this.#clock.nowMs() });
    answerByCascade({ session, llm: this.#llm, chatCtx });
  }
}

/**
 * Makes an LLM answer what a realtime model hears: the model finds the caller's turns and their words, and the agent's own logic, the LLM
 * and the session's TTS answer. Give the model `turnDetection` with `create_response: false`; responses that it makes all the same are
 * not played. GPT-Live speaks itself: the LLM answers what it delegates to the client. Attach it before `session.start()`. `AgentSession` of this package does it with `firstword.answerWith`.
 *
 * @returns a function that disconnects it
 */
export function attachTranscriptAnswers(
  session: voice.AgentSession,
  options: { llm: llm.LLM },
  clock: Clock = systemClock,
): () => void {
  const own = new TranscriptAnswers(session, options.llm, clock);
  const stops: (() => void)[] = [];
  const on = listenTo(session, stops);
  let model: unknown;
  let watch: RealtimeWatch | undefined;
  let stopDelegations = () => {};
  const refresh = () => {
    const { llm: inUse } = activityParts(session);
    if (inUse === model) return;
    model = inUse;
    watch?.close();
    watch = undefined;
    stopDelegations();
    stopDelegations = () => {};
    if (inUse instanceof llm.DuplexRealtimeAdapter) {
      stopDelegations = attachDelegations(session, { model: inUse, llm: options.llm }, clock);
      return;
    }
    const handlers = { onTurnEnded: (end: RealtimeTurnEnd) => own.onTurnEnded(end), onResponse: () => {} };
    watch =
      inUse instanceof llm.RealtimeModel ? new RealtimeWatch({ model: inUse, clock, handlers }) : undefined;
  };
  on(Event.ConversationItemAdded, ({ item }) => {
    if (item.type === 'agent_handoff') refresh();
  });
  on(Event.UserStateChanged, ({ newState }) => {
    if (newState === 'speaking') own.onCallerSpeaks();
  });
  on(Event.UserInputTranscribed, (event) => {
    if (event.isFinal && watch) own.onFinal(event);
  });
  on(Event.SpeechCreated, (event) => {
    if (watch) own.discard(event);
  });
  stops.push(reportErrorsOf(options.llm, session, () => true));
  refresh();
  return () => {
    for (const stop of stops) stop();
    watch?.close();
    stopDelegations();
    own.stop();
  };
}
