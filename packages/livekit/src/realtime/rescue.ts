import { type Clock, systemClock } from '@firstword/turn';
import { llm, voice } from '@livekit/agents';
import { realtimeSessionOf } from '../internals/answer-llm.js';
import { sendFirstAfterReconnect } from '../internals/realtime-sessions.js';
import { activityParts } from '../internals/session-activity.js';
import { listenTo } from '../observe/listen-to.js';
import { SessionListeners } from '../observe/session-listeners.js';
import { hasSpeechEdges } from '../transport/traced.js';
import type { RealtimeResponse, RealtimeTurnEnd, RescueReason, TurnRescue } from './realtime-turn.js';
import {
  answerByCascade,
  cascadeContext,
  forgetMessage,
  reportErrorsOf,
  rescueInstructions,
  wordsOfTurn,
} from './rescue-answer.js';
import { checkRescue, RESCUE_AFTER_MS, type RescueOptions } from './rescue-options.js';
import { type AwaitedAnswer, type AwaitedTurn, rescueDecision } from './rescue-policy.js';
import { RealtimeWatch } from './watch-realtime.js';

/** OpenAI's code of a response that failed at the rate limit. */
const RATE_LIMIT = 'rate_limit_exceeded';
/** The words of a turn come some time after its end. An LLM cannot answer without them, and waits this long, ms. */
const WORDS_WITHIN_MS = 1500;

const { AgentSessionEventTypes: Event } = voice;
const rescues = new SessionListeners<TurnRescue>();

/** Calls `listener` whenever the answer of a realtime model is replaced; the returned function stops it. */
export function watchRescues(
  session: voice.AgentSession,
  listener: (rescue: TurnRescue) => void,
): () => void {
  return rescues.watch(session, listener);
}

const attached = new WeakMap<voice.AgentSession, Rescue>();

/** Whether the answer of a session's turn is still to be replaced, or may still come, though its speech has ended. */
export const isRescuePending = (session: voice.AgentSession): boolean =>
  attached.get(session)?.isPending ?? false;

/** Replaces the answer of a realtime model, once a turn, when it does not come. */
class Rescue {
  readonly #session: voice.AgentSession;
  readonly #afterMs: number;
  readonly #llm: llm.LLM | undefined;
  readonly #clock: Clock;
  watch: RealtimeWatch | undefined;
  /** The turn that waits for its answer. */
  #turn: AwaitedTurn | undefined;
  /** An LLM answers the newest turn: what the realtime model still says to it is discarded. */
  #isAnswered = false;
  /** The caller has begun to speak, and the provider has not ended the turn. */
  #isTurnOpen = false;
  /** When the provider had ended the newest turn. */
  #turnEndedMs = Number.NEGATIVE_INFINITY;
  /** Finals of the caller since they began to speak; that of an earlier turn may be late, and is among them. */
  #finals: voice.UserInputTranscribedEvent[] = [];
  #isDiscarding = false;
  #isConnected = true;
  /** The turn for which the model was asked again, until it begins a response. */
  #asked: AwaitedTurn | undefined;
  /** Something was audible since the caller began to speak. */
  #isHeardSince = false;
  #cancelTimer = () => {};

  constructor(session: voice.AgentSession, options: RescueOptions, clock: Clock) {
    this.#session = session;
    this.#afterMs = options.afterMs ?? RESCUE_AFTER_MS;
    this.#llm = options.llm;
    this.#clock = clock;
  }

  /** Whether the LLM of the options answers the newest turn. */
  get isAnswered(): boolean {
    return this.#isAnswered;
  }

  /** A speech that ends before its response does has lost its connection. */
  get isPending(): boolean {
    const { waiting, isHeldBack, isDone, response } = this.#turn ?? {};
    const isBroken = this.watch?.hasEvents && response && response.doneMs === undefined;
    return waiting !== undefined || isHeldBack === true || isDone === true || isBroken === true;
  }

  onCallerSpeaks(): void {
    this.stop();
    this.#isHeardSince = false;
    this.#isTurnOpen = true;
    this.#finals = [];
  }

  onFinal(event: voice.UserInputTranscribedEvent): void {
    this.#finals.push(event);
    const { waiting } = this.#turn ?? {};
    // The conversation has them after this event.
    if (waiting) this.#schedule(0, () => this.#rescue(waiting));
  }

  /** GPT-Live reports no end of a turn: a while after the caller's last word it counts as one, unless it has answered by then. */
  onCallerSilent(): void {
    if (!this.#isHeardSince && !this.#turn)
      this.onTurnEnded({ reportedMs: this.#clock.nowMs() }, { isUnreported: true });
  }

  onTurnEnded(
    { reportedMs, itemId }: RealtimeTurnEnd,
    { isAskedFor = false, ...how }: Partial<Pick<AwaitedTurn, 'isAskedFor' | 'isUnreported'>> = {},
  ): void {
    this.stop();
    this.#turn = { sinceMs: reportedMs, itemId, isAskedFor, ...how };
    this.#turnEndedMs = reportedMs;
    this.#isTurnOpen = false;
    this.#isAnswered = false;
    this.#review();
  }

  onRequested(atMs: number): void {
    const turn = this.#turn;
    if (turn?.response?.toolCallMs === undefined) return;
    this.#turn = { sinceMs: atMs, itemId: turn.itemId, isAskedFor: true };
    this.#review();
  }

  onResponse(response: RealtimeResponse): void {
    if (this.#isAnswered && !response.isAskedFor) this.#isDiscarding = true;
    if (response.isAskedFor) this.#asked = undefined;
    // Gemini Live reports no end of a turn: its response is the first that is known of it.
    if (response.isFirstReport && !this.#turn) {
      const sinceMs = response.createdMs;
      this.#turn = { sinceMs, itemId: undefined, isAskedFor: false, isUnreported: true, response };
      this.#isTurnOpen = false;
    }
    const turn = this.#turn;
    if (!turn) return;
    // The application speaks itself.
    if (response.isAskedFor !== turn.isAskedFor) this.stop();
    else {
      turn.response = response;
      this.#review();
    }
  }

  /** LiveKit makes a speech of a response that the caller has an answer to already. */
  onSpeech({ speechHandle, userInitiated, source }: voice.SpeechCreatedEvent): void {
    if (userInitiated || source !== 'generate_reply' || !this.#isDiscarding) return;
    this.#isDiscarding = false;
    speechHandle.interrupt(true);
    const realtime = realtimeSessionOf(this.#session);
    this.#clock.schedule(0, () => void realtime?.interrupt());
  }

  onOutput(response: RealtimeResponse): void {
    this.#isHeardSince ||= response.audibleMs !== undefined;
    if (this.#turn?.response === response) this.#review();
  }

  onDone(response: RealtimeResponse): void {
    if (this.#turn?.response !== response) return;
    if (response.audibleMs !== undefined || response.status === 'cancelled') this.stop();
    // LiveKit's plugin gets this event next: until then the response is under way.
    else {
      this.#turn.isDone = true;
      this.#schedule(0, () => this.#review());
    }
  }

  onDisconnected(): void {
    this.#isConnected = false;
  }

  onReconnected(): void {
    this.#isConnected = true;
    // The plugin begins to send after this event.
    this.#clock.schedule(0, () => {
      sendFirstAfterReconnect(realtimeSessionOf(this.#session));
      this.#goOn();
    });
  }

  #goOn(): void {
    // What the old connection was asked is lost.
    this.#turn ??= this.#asked;
    if (this.#turn) this.#rescueAfterPlayout(this.#turn);
    else if (this.#isTurnOpen || this.#hasUnreportedSpeech()) {
      // The new connection has heard the end of the turn, or none of it.
      this.#schedule(this.#afterMs, () => {
        const sinceMs = this.#clock.nowMs();
        this.#turn = { sinceMs, itemId: undefined, isAskedFor: false, isUnended: true };
        this.#turnEndedMs = sinceMs;
        this.#isTurnOpen = false;
        this.#rescue('connection_lost');
      });
    }
  }

  /** Whether the caller has spoken since the last turn: a connection may be lost before it reports that. */
  #hasUnreportedSpeech(): boolean {
    const input = this.#session.input.audio;
    return (
      hasSpeechEdges(input) && input.edges.lastSpeech(this.#turnEndedMs, this.#clock.nowMs()) !== undefined
    );
  }

  /** An answer is heard, the caller speaks again, or the session is over. */
  stop(): void {
    this.#cancelTimer();
    this.#turn = undefined;
    this.#asked = undefined;
    this.#isDiscarding = false;
  }

  #schedule(delayMs: number, work: () => void): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#clock.schedule(Math.max(0, delayMs), work);
  }

  #review(): void {
    const turn = this.#turn;
    if (!turn) return;
    const isHeard = turn.response?.audibleMs !== undefined;
    delete turn.isDone;
    if (turn.waiting && !isHeard) return;
    delete turn.waiting;
    this.#cancelTimer();
    const nowMs = this.#clock.nowMs();
    const decision = rescueDecision(this.#awaited(turn), nowMs);
    if (decision && 'atMs' in decision) this.#schedule(decision.atMs - nowMs, () => this.#review());
    else if (decision) this.#rescue(decision.reason);
  }

  #awaited({ sinceMs, response }: AwaitedTurn): AwaitedAnswer {
    return {
      sinceMs,
      response,
      isCreationReported: this.watch?.hasEvents ?? false,
      hasTts: activityParts(this.#session).tts !== undefined,
      afterMs: this.#afterMs,
    };
  }

  /** What has come of the answer is played first. */
  #rescueAfterPlayout({ response }: AwaitedTurn): void {
    const { audibleMs, firstAudioMs = 0, audioMs = 0 } = response ?? {};
    const leftMs = audibleMs === undefined ? 0 : firstAudioMs + audioMs - this.#clock.nowMs();
    this.#schedule(leftMs, () => this.#rescue(audibleMs === undefined ? 'connection_lost' : 'stopped'));
  }

  #rescue(reason: RescueReason): void {
    const turn = this.#turn;
    if (!turn) return;
    const hasWords = wordsOfTurn(this.#session, turn.itemId) !== undefined || this.#finalsOf(turn).length > 0;
    const isLost = reason === 'connection_lost';
    const holdMs = this.#llm && hasWords ? 0 : this.#holdMs(turn);
    if (holdMs > 0) {
      turn.isHeldBack = true;
      if (Number.isFinite(holdMs)) this.#schedule(holdMs, () => this.#rescue(reason));
      return;
    }
    // What a lost connection has heard, and not written down, is lost as well.
    const canWait = this.#llm !== undefined && !isLost;
    if (!hasWords && !turn.waiting && canWait) {
      turn.waiting = reason;
      this.#schedule(WORDS_WITHIN_MS, () => this.#rescue(reason));
      return;
    }
    const byModel = isLost && !hasWords ? 'repeat' : 'model';
    this.#answer(turn, { reason, by: this.#llm && hasWords ? 'cascade' : byModel });
  }

  #finalsOf({ itemId: turnId }: AwaitedTurn): voice.UserInputTranscribedEvent[] {
    return this.#finals.filter(({ itemId }) => !turnId || !itemId || itemId === turnId);
  }

  /** The turn's words that the conversation does not have, from an STT of the session's own; empty if there are none. */
  #wordsBeside(turn: AwaitedTurn): string {
    const isMissing = ({ itemId }: voice.UserInputTranscribedEvent) =>
      wordsOfTurn(this.#session, itemId ?? undefined) === undefined;
    return this.#finalsOf(turn)
      .filter(isMissing)
      .map(({ transcript }) => transcript)
      .join(' ');
  }

  /** How long the realtime model cannot be asked again, ms: until the rate limit is over, or the connection is back. */
  #holdMs({ response, sinceMs }: AwaitedTurn): number {
    if (!this.#isConnected) return Number.POSITIVE_INFINITY;
    return response?.errorCode === RATE_LIMIT ? sinceMs + this.#afterMs - this.#clock.nowMs() : 0;
  }

  #answer(turn: AwaitedTurn, { reason, by }: Pick<TurnRescue, 'reason' | 'by'>): void {
    const session = this.#session;
    const isKnown = wordsOfTurn(session, turn.itemId) !== undefined;
    this.stop();
    // Without a connection, an LLM can still ask the caller to repeat.
    const model = by === 'model' ? undefined : this.#llm;
    this.#isAnswered = model !== undefined;
    this.#asked = model ? undefined : turn;
    rescues.report(session, {
      atMs: this.#clock.nowMs(),
      reason,
      by,
      ...(model ? { llm: model } : {}),
      ...(turn.isUnended ? { isUnended: true } : {}),
      ...(turn.isUnreported ? { isUnreported: true } : {}),
    });
    const { messageId, audibleMs } = turn.response ?? {};
    if (messageId !== undefined && audibleMs === undefined) forgetMessage(session, messageId);
    const instructions = rescueInstructions(reason, by);
    const speak = () => {
      if (model) {
        const words = by === 'cascade' && !isKnown ? this.#wordsBeside(turn) : undefined;
        answerByCascade({ session, llm: model, chatCtx: cascadeContext(session, instructions), words });
      } else session.generateReply(instructions === undefined ? {} : { instructions });
    };
    this.#interrupted(reason)
      .then(() => this.#isTurnOpen || speak())
      // The session is closing.
      .catch(() => {});
  }

  /** A late response is cancelled before anything else is asked for, on the same connection: it cannot be heard as well. */
  async #interrupted(reason: RescueReason): Promise<void> {
    // What was heard of the answer becomes part of the conversation first.
    if (reason === 'stopped') await this.#session.interrupt().await;
    else this.#session.interrupt({ force: true });
  }
}

/**
 * Replaces the answer of a realtime model, once a turn, when it brings no audible sample or stops in the middle. Attach it before
 * `session.start()`. `AgentSession` of this package does it by itself.
 *
 * @returns a function that disconnects it
 * @throws FirstwordError `bad_input` if `afterMs` is out of its range
 */
export function attachRescue(
  session: voice.AgentSession,
  options: RescueOptions = {},
  clock: Clock = systemClock,
): () => void {
  checkRescue(options);
  const rescue = new Rescue(session, options, clock);
  attached.set(session, rescue);
  let model: unknown;
  const refresh = () => {
    const { llm: inUse } = activityParts(session);
    if (inUse === model) return;
    model = inUse;
    rescue.watch?.close();
    rescue.watch = inUse instanceof llm.RealtimeModel ? watchModel(inUse, rescue, clock) : undefined;
  };
  const stops: (() => void)[] = [];
  const on = listenTo(session, stops);
  on(Event.ConversationItemAdded, ({ item }) => {
    if (item.type === 'agent_handoff') refresh();
  });
  on(Event.UserStateChanged, ({ newState }) => {
    if (newState === 'speaking') rescue.onCallerSpeaks();
    else if (newState === 'listening' && model instanceof llm.DuplexRealtimeAdapter) rescue.onCallerSilent();
  });
  on(Event.UserInputTranscribed, (event) => {
    if (event.isFinal && event.transcript.trim()) rescue.onFinal(event);
  });
  on(Event.SpeechCreated, (event) => rescue.onSpeech(event));
  on(Event.MetricsCollected, ({ metrics }) => {
    const { llm: inUse } = activityParts(session);
    const endsTurns = inUse instanceof llm.RealtimeModel && !inUse.capabilities.turnDetection;
    // The session ends the turns, and asks for their answers.
    if (metrics.type === 'eou_metrics' && endsTurns)
      rescue.onTurnEnded({ reportedMs: clock.nowMs() }, { isAskedFor: true });
  });
  if (options.llm) stops.push(reportErrorsOf(options.llm, session, () => rescue.isAnswered));
  refresh();
  return () => {
    for (const stop of stops) stop();
    rescue.watch?.close();
    rescue.stop();
    attached.delete(session);
  };
}

function watchModel(model: llm.RealtimeModel, rescue: Rescue, clock: Clock): RealtimeWatch {
  return new RealtimeWatch({
    model,
    clock,
    handlers: {
      onTurnEnded: (end) => rescue.onTurnEnded(end),
      onRequested: (atMs) => rescue.onRequested(atMs),
      onResponse: (response) => rescue.onResponse(response),
      onAudio: (response) => rescue.onOutput(response),
      onAudible: (response) => rescue.onOutput(response),
      onDone: (response) => rescue.onDone(response),
      onDisconnected: () => rescue.onDisconnected(),
      onReconnected: () => rescue.onReconnected(),
    },
  });
}
