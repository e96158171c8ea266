import type { Clock } from '@firstword/turn';
import { APIConnectionError, type llm, type metrics } from '@livekit/agents';
import { onRealtimeSession } from '../internals/realtime-sessions.js';
import { emulatedGeminiProfile, reportsTurnEnds, wireEmitter } from '../internals/realtime-wire.js';
import { firstAudibleSample } from '../transport/speech-edges.js';
import {
  addedItemIdOf,
  audioEndOf,
  beginsToolCall,
  endOf,
  itemIdOf,
  pcmDurationMs,
  pcmSamples,
  responseIdOf,
  sessionFactsOf,
  type WireEvent,
} from './openai-events.js';
import type { RealtimeModelName, RealtimeResponse, RealtimeTurn, RealtimeTurnEnd } from './realtime-turn.js';
import { SentAudioLog } from './sent-audio.js';
import { tapGeneration } from './tap-generation.js';

/** What is reported of a realtime model's sessions. */
export interface RealtimeHandlers {
  /** The provider has ended the caller's turn. */
  onTurnEnded(end: RealtimeTurnEnd): void;
  /** The model has begun a response. It is filled in while it runs. */
  onResponse(response: RealtimeResponse): void;
  /** A response with `isFirstReport` has its first output, or is done without. */
  onFirstReport?(response: RealtimeResponse): void;
  /** A response has its first audible sample. */
  onAudible?(response: RealtimeResponse): void;
  /** A response has audio that is not audible yet. */
  onAudio?(response: RealtimeResponse): void;
  /** A response is done. */
  onDone?(response: RealtimeResponse): void;
  /** The session has asked for a response. */
  onRequested?(atMs: number): void;
  /** The connection was lost. Responses get no more output. */
  onDisconnected?(): void;
  /** There is a new one. A session that the provider has ended by itself is replaced without `onDisconnected`. */
  onReconnected?(): void;
}

const EVENT_RATE_HZ = 24_000;

/**
 * Reads the events of one session of a realtime model. LiveKit's plugins for OpenAI and xAI pass on all that the wire says; of other
 * plugins, the streams of the responses are watched.
 */
class SessionWatch {
  readonly #clock: Clock;
  readonly #handlers: RealtimeHandlers;
  readonly #audio = new SentAudioLog();
  readonly #responses = new Map<string, RealtimeResponse>();
  readonly #session: llm.RealtimeSession;
  readonly #reportsTurnEnds: boolean;
  settings: RealtimeTurn['settings'] = {};
  #emulatedProfile: string | undefined;
  /** The provider's session has been seen: its events are passed on. */
  passesEventsOn = false;
  #endPositionMs: number | undefined;
  #endItemId: string | undefined;
  #requestedMs: number | undefined;
  readonly #stops: (() => void)[] = [];

  constructor(session: llm.RealtimeSession, clock: Clock, handlers: RealtimeHandlers) {
    this.#clock = clock;
    this.#handlers = handlers;
    this.#session = session;
    this.#reportsTurnEnds = reportsTurnEnds(session);
    this.#on(wireEmitter(session), 'openai_client_event_queued', (event: WireEvent) => this.#onSent(event));
    this.#on(wireEmitter(session), 'openai_server_event_received', (event: WireEvent) =>
      this.#onReceived(event),
    );
    this.#on(session, 'input_speech_stopped', () => {
      if (this.#reportsTurnEnds) this.#onTurnEnded();
    });
    this.#on(session, 'metrics_collected', (event: unknown) => this.#onMetrics(event));
    this.#on(session, 'generation_created', (event: llm.GenerationCreatedEvent) => this.#onCreated(event));
    this.#on(session, 'error', ({ error }: llm.RealtimeModelError) => {
      if (error instanceof APIConnectionError) handlers.onDisconnected?.();
    });
    this.#on(session, 'session_reconnected', () => {
      this.#audio.restart();
      this.#responses.clear();
      handlers.onReconnected?.();
    });
  }

  #on<Event>(emitter: ReturnType<typeof wireEmitter>, name: string, listener: (event: Event) => void): void {
    emitter.on(name, listener);
    this.#stops.push(() => emitter.off(name, listener));
  }

  /** Leaves the session as it was. */
  close(): void {
    for (const stop of this.#stops.splice(0)) stop();
  }

  /** Profile of Firstword's emulator; `undefined` for a real provider. */
  get emulatedProfile(): string | undefined {
    return this.#emulatedProfile ?? emulatedGeminiProfile(this.#session);
  }

  #onSent(event: WireEvent): void {
    const nowMs = this.#clock.nowMs();
    if (event.type === 'input_audio_buffer.append')
      this.#audio.sent(pcmDurationMs(event.audio, EVENT_RATE_HZ), nowMs);
    else if (event.type === 'response.create') {
      this.#requestedMs = nowMs;
      this.#handlers.onRequested?.(nowMs);
    }
  }

  #onTurnEnded(): void {
    const reportedMs = this.#clock.nowMs();
    const sent = this.#endPositionMs === undefined ? undefined : this.#audio.at(this.#endPositionMs);
    const itemId = this.#endItemId;
    this.#endPositionMs = undefined;
    this.#endItemId = undefined;
    this.#handlers.onTurnEnded({
      reportedMs,
      ...(itemId === undefined ? {} : { itemId }),
      ...(sent ? { audioHeardMs: sent.heardMs, audioSentMs: sent.sentMs } : {}),
    });
  }

  #onCreated(event: llm.GenerationCreatedEvent): void {
    const { responseId, userInitiated } = event;
    const requestedMs = userInitiated ? this.#requestedMs : undefined;
    const response: RealtimeResponse = {
      id: responseId ?? '',
      isAskedFor: userInitiated,
      createdMs: this.#clock.nowMs(),
      ...(requestedMs === undefined ? {} : { requestedMs }),
      ...(this.#reportsTurnEnds || userInitiated ? {} : { isFirstReport: true }),
    };
    if (responseId !== undefined) this.#responses.set(responseId, response);
    this.#handlers.onResponse(response);
    if (!this.passesEventsOn && event.messageStream) this.#tap(response, event);
  }

  /** Fills in the times and the status of a response from its output, for a plugin that does not pass on the provider's events. */
  #tap(response: RealtimeResponse, event: llm.GenerationCreatedEvent): void {
    let isReported = false;
    const onOutput = (): number => {
      const nowMs = this.#clock.nowMs();
      if (isReported || !response.isFirstReport) return nowMs;
      isReported = true;
      response.createdMs = nowMs;
      this.#handlers.onFirstReport?.(response);
      return nowMs;
    };
    tapGeneration(event, {
      onText: () => {
        response.firstTextMs ??= onOutput();
      },
      onAudio: (samples, rateHz) => {
        onOutput();
        this.#onAudio(response, samples, rateHz);
      },
      onToolCall: () => {
        response.toolCallMs ??= onOutput();
      },
      onDone: () => {
        response.doneMs = onOutput();
        response.status = 'completed';
        this.#handlers.onDone?.(response);
      },
    });
  }

  #onAudio(response: RealtimeResponse, samples: Int16Array, rateHz: number): void {
    const nowMs = this.#clock.nowMs();
    response.firstAudioMs ??= nowMs;
    response.lastAudioMs = nowMs;
    const beforeMs = response.audioMs ?? 0;
    response.audioMs = beforeMs + (samples.length * 1000) / rateHz;
    if (response.audibleMs !== undefined) return;
    const first = firstAudibleSample(samples, rateHz);
    if (first < 0) {
      this.#handlers.onAudio?.(response);
      return;
    }
    response.audibleMs = nowMs;
    response.heardMs = Math.max(nowMs, response.firstAudioMs + beforeMs) + (first * 1000) / rateHz;
    this.#handlers.onAudible?.(response);
  }

  /** The token counts of a response, from plugins that pass no events on. */
  #onMetrics(event: unknown): void {
    const { type, requestId, ...counts } = event as Partial<metrics.RealtimeModelMetrics>;
    const response = this.#responses.get(requestId ?? '');
    if (type !== 'realtime_model_metrics' || !response || this.passesEventsOn) return;
    response.promptTokens = counts.inputTokens ?? 0;
    response.completionTokens = counts.outputTokens ?? 0;
    response.audioInputTokens = counts.inputTokenDetails?.audioTokens ?? 0;
    response.audioOutputTokens = counts.outputTokenDetails?.audioTokens ?? 0;
  }

  #onReceived(event: WireEvent): void {
    if (event.type === 'session.started') this.#emulatedProfile = sessionFactsOf(event).emulatedProfile;
    else if (event.type === 'session.created' || event.type === 'session.updated') {
      this.passesEventsOn = true;
      const facts = sessionFactsOf(event);
      this.settings = facts.turnDetectionSettings;
      this.#emulatedProfile = facts.emulatedProfile;
    } else if (event.type === 'input_audio_buffer.speech_stopped') {
      this.#endPositionMs = audioEndOf(event);
      this.#endItemId = itemIdOf(event);
    } else {
      const response = this.#responses.get(responseIdOf(event) ?? '');
      if (response) this.#onOutput(response, event);
    }
  }

  #onOutput(response: RealtimeResponse, event: WireEvent): void {
    const nowMs = this.#clock.nowMs();
    switch (event.type) {
      case 'response.output_item.added':
        if (beginsToolCall(event)) response.toolCallMs ??= nowMs;
        else response.messageId ??= addedItemIdOf(event);
        return;
      case 'response.output_text.delta':
        response.firstTextMs ??= nowMs;
        return;
      case 'response.output_audio_transcript.delta':
        response.firstTextMs ??= nowMs;
        response.isTranscript = true;
        return;
      case 'response.output_audio.delta':
        this.#onAudio(response, pcmSamples(event.delta), EVENT_RATE_HZ);
        return;
      case 'response.done':
        Object.assign(response, endOf(event));
        response.doneMs = nowMs;
        this.#responses.delete(response.id);
        this.#handlers.onDone?.(response);
        return;
      default:
    }
  }
}

/** The plugin of a model that does not name its provider, such as `google`. */
function pluginName(model: llm.RealtimeModel): string {
  return /^(\w+)\./.exec(model.label())?.[1] ?? model.provider;
}

/** Watches the sessions that LiveKit opens of a realtime model. Create it before the session starts. */
export class RealtimeWatch {
  readonly #model: llm.RealtimeModel;
  readonly #stop: () => void;
  readonly #sessions: SessionWatch[] = [];
  #session: SessionWatch | undefined;
  #handlers: RealtimeHandlers | undefined;

  constructor(options: { model: llm.RealtimeModel; clock: Clock; handlers: RealtimeHandlers }) {
    const { model, clock } = options;
    this.#model = model;
    this.#handlers = options.handlers;
    const handlers: RealtimeHandlers = {
      onTurnEnded: (end) => this.#handlers?.onTurnEnded(end),
      onResponse: (response) => this.#handlers?.onResponse(response),
      onFirstReport: (response) => this.#handlers?.onFirstReport?.(response),
      onAudible: (response) => this.#handlers?.onAudible?.(response),
      onAudio: (response) => this.#handlers?.onAudio?.(response),
      onRequested: (atMs) => this.#handlers?.onRequested?.(atMs),
      onDisconnected: () => this.#handlers?.onDisconnected?.(),
      onReconnected: () => this.#handlers?.onReconnected?.(),
      onDone: (response) => this.#handlers?.onDone?.(response),
    };
    this.#stop = onRealtimeSession(model, (session) => {
      this.#session = new SessionWatch(session, clock, handlers);
      this.#sessions.push(this.#session);
    });
  }

  /** The model's name, as far as it is known now. */
  get modelName(): RealtimeModelName {
    const { model } = this.#model;
    const provider = this.#model.provider === 'unknown' ? pluginName(this.#model) : this.#model.provider;
    return { provider, model, emulatedProfile: this.#session?.emulatedProfile };
  }

  /** The provider's turn detection, as far as it has been reported. */
  get settings(): RealtimeTurn['settings'] {
    return this.#session?.settings ?? {};
  }

  /** Whether the plugin passes the provider's events on: it reports when a response has begun. */
  get hasEvents(): boolean {
    return this.#session?.passesEventsOn ?? false;
  }

  /** Reports nothing more. */
  close(): void {
    this.#handlers = undefined;
    this.#stop();
    for (const session of this.#sessions) session.close();
  }
}
