import { type Clock, FirstwordError, systemClock } from '@firstword/turn';
import { llm, voice } from '@livekit/agents';
import { assertSameCopy } from '../compatibility/same-copy.js';
import { realtimeSessionOf } from '../internals/answer-llm.js';
import { sendFirstAfterReconnect } from '../internals/realtime-sessions.js';
import { activityParts } from '../internals/session-activity.js';
import { listenTo } from '../observe/listen-to.js';
import { SessionListeners } from '../observe/session-listeners.js';
import { tracedOutput } from '../transport/traced.js';
import type { RealtimeResponse, RealtimeTurnEnd, RescueReason, TurnRescue } from './realtime-turn.js';
import {
  answerByCascade,
  cascadeContext,
  forgetMessage,
  reportErrorsOf,
  rescueInstructions,
  wordsOfTurn,
} from './rescue-answer.js';
import { type AwaitedAnswer, rescueDecision } from './rescue-policy.js';
import { RealtimeWatch } from './watch-realtime.js';

/** When a realtime model that says nothing is replaced, and by what. */
export interface RescueOptions {
  /**
   * Silence after the provider's end of the turn, ms, > 0. Default 3,000: of 1,809 published answers of seven realtime models 0 to 3.3 %
   * were healthy and later than that (docs/realtime.md). What shows sooner that no answer comes does not wait for it: a response that
   * is completed without an audible sample, fails, or is not begun within a second, and words without audio.
   */
  afterMs?: number;
  /**
   * Answers from the same conversation with the session's TTS: a router as `new FirstwordLLM(router({ … }))`, or any LLM. Default: none; the
   * realtime model is asked again.
   */
  llm?: llm.LLM;
}

/** Default of `RescueOptions.afterMs`. */
export const RESCUE_AFTER_MS = 3000;

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

interface AwaitedTurn {
  sinceMs: number;
  itemId: string | undefined;
  response?: RealtimeResponse;
  /** The session asks for the response: it ends the turns itself, or tools have returned. */
  isAskedFor: boolean;
  /** The rescue that waits for the caller's words. */
  waiting?: RescueReason;
  /** Its rescue waits until the realtime model can be asked again. */
  isHeldBack?: true;
  /** The provider has not ended it. */
  isUnended?: true;
}

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
  /** Finals of the caller since they began to speak. */
  #finals: string[] = [];
  #isDiscarding = false;
  #isConnected = true;
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
    const { waiting, isHeldBack, response } = this.#turn ?? {};
    const isBroken = this.watch?.hasEvents && response && response.doneMs === undefined;
    return waiting !== undefined || isHeldBack === true || isBroken === true;
  }

  onCallerSpeaks(): void {
    this.stop();
    this.#isTurnOpen = true;
    this.#finals = [];
  }

  onFinal(text: string): void {
    this.#finals.push(text);
    const { waiting } = this.#turn ?? {};
    // The conversation has them after this event.
    if (waiting) this.#schedule(0, () => this.#rescue(waiting));
  }

  onTurnEnded({ reportedMs, itemId }: RealtimeTurnEnd, isAskedFor = false): void {
    this.stop();
    this.#turn = { sinceMs: reportedMs, itemId, isAskedFor };
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
    if (this.#turn?.response === response) this.#review();
  }

  onDone(response: RealtimeResponse): void {
    if (this.#turn?.response !== response) return;
    if (response.audibleMs !== undefined || response.status === 'cancelled') this.stop();
    // LiveKit's plugin gets this event next: until then the response is under way.
    else this.#schedule(0, () => this.#review());
  }

  /** The caller hears something. A wire that passes its events on tells more. */
  onHeard(): void {
    if (!this.watch?.hasEvents) this.stop();
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
    if (this.#turn) this.#rescueAfterPlayout(this.#turn);
    else if (this.#isTurnOpen) {
      // The new connection has heard the end of the turn, or none of it.
      this.#schedule(this.#afterMs, () => {
        const sinceMs = this.#clock.nowMs();
        this.#turn = { sinceMs, itemId: undefined, isAskedFor: false, isUnended: true };
        this.#rescue('connection_lost');
      });
    }
  }

  /** An answer is heard, the caller speaks again, or the session is over. */
  stop(): void {
    this.#cancelTimer();
    this.#turn = undefined;
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
    const hasWords = wordsOfTurn(this.#session, turn.itemId) !== undefined || this.#finals.length > 0;
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
    rescues.report(session, {
      atMs: this.#clock.nowMs(),
      reason,
      by,
      ...(model ? { llm: model } : {}),
      ...(turn.isUnended ? { isUnended: true } : {}),
    });
    const { messageId, audibleMs } = turn.response ?? {};
    if (messageId !== undefined && audibleMs === undefined) forgetMessage(session, messageId);
    const instructions = rescueInstructions(reason, by);
    const speak = () => {
      if (model) {
        const words = by === 'cascade' && !isKnown ? this.#finals.join(' ') : undefined;
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
  let output: ReturnType<typeof tracedOutput>;
  let stopOutput = () => {};
  const refresh = () => {
    const traced = tracedOutput(session.output.audio);
    if (traced !== output) {
      stopOutput();
      output = traced;
      stopOutput = traced?.watch({ onAudible: () => rescue.onHeard() }) ?? (() => {});
    }
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
  });
  on(Event.AgentStateChanged, ({ newState }) => {
    if (newState === 'speaking' && !output) rescue.onHeard();
  });
  on(Event.UserInputTranscribed, ({ isFinal, transcript }) => {
    if (isFinal && transcript.trim()) rescue.onFinal(transcript);
  });
  on(Event.SpeechCreated, (event) => rescue.onSpeech(event));
  on(Event.MetricsCollected, ({ metrics }) => {
    const { llm: inUse } = activityParts(session);
    const endsTurns = inUse instanceof llm.RealtimeModel && !inUse.capabilities.turnDetection;
    // The session ends the turns, and asks for their answers.
    if (metrics.type === 'eou_metrics' && endsTurns) rescue.onTurnEnded({ reportedMs: clock.nowMs() }, true);
  });
  if (options.llm) stops.push(reportErrorsOf(options.llm, session, () => rescue.isAnswered));
  refresh();
  return () => {
    for (const stop of stops) stop();
    stopOutput();
    rescue.watch?.close();
    rescue.stop();
    attached.delete(session);
  };
}

/** @throws FirstwordError `bad_input` naming the option, its value and what it may be; `two_copies` if the LLM is of another copy of LiveKit */
export function checkRescue({ afterMs, llm: model }: RescueOptions): void {
  if (afterMs !== undefined && !(afterMs > 0))
    throw new FirstwordError('bad_input', `firstword.rescue.afterMs is ${String(afterMs)}; use more than 0.`);
  assertSameCopy({ 'firstword.rescue.llm': model });
  if (model !== undefined && !(model instanceof llm.LLM))
    throw new FirstwordError(
      'bad_input',
      'firstword.rescue.llm is no LLM of LiveKit; use new FirstwordLLM(…), or an LLM of one of LiveKit’s plugins.',
    );
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
