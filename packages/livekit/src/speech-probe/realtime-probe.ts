import {
  type CallerAudio,
  type Clock,
  FirstwordError,
  type RealtimeMeasurement,
  type SpeechProbe,
} from '@firstword/turn';
import { APIConnectionError, APIStatusError, initializeLogger, llm } from '@livekit/agents';
import { AudioFrame, AudioResampler } from '@livekit/rtc-node';
import { watchUpgrades, whenOpened } from '../hosted/upgrade-watch.js';
import { isGeminiOpen, wireEmitter } from '../internals/realtime-wire.js';
import { openRealtimeModel, type RealtimeServer, type RealtimeSettings } from '../realtime/open-realtime.js';
import type { RealtimeResponse, RealtimeTurnEnd } from '../realtime/realtime-turn.js';
import { RealtimeWatch } from '../realtime/watch-realtime.js';
import { realtimeFailure } from './realtime-failure.js';
import { CALLER_RATE_HZ } from './stt-lane.js';

/** OpenAI's and xAI's models take this rate only, Hz; the others too. */
const RATE_HZ = 24_000;
/** As WebRTC delivers it. */
const FRAME_MS = 10;
const FRAME_SAMPLES = (RATE_HZ * FRAME_MS) / 1000;
/** Silence between the opened session and the line, ms. */
const LEAD_MS = 300;

/** What a realtime probe needs. */
export interface RealtimeProbeOptions {
  /** Name of the target, for messages. */
  name: string;
  /** Name of the model, as in `REALTIME_MODELS`. */
  wire: string;
  server: RealtimeServer;
  settings: RealtimeSettings;
  /** The caller's line. */
  audio: CallerAudio;
  clock: Clock;
  /** Longest wait for the session, and for the first audible sample, ms. */
  timeoutMs: number;
}

/** The line at the rate of the wires, behind so much silence that its last sample ends a frame. */
function lineOf(audio: CallerAudio): Int16Array {
  const resampler = new AudioResampler(CALLER_RATE_HZ, RATE_HZ, 1);
  const frames = [
    ...resampler.push(new AudioFrame(audio, CALLER_RATE_HZ, 1, audio.length)),
    ...resampler.flush(),
  ];
  resampler.close();
  const samples = frames.reduce((sum, { data }) => sum + data.length, 0);
  const line = new Int16Array(Math.ceil(samples / FRAME_SAMPLES) * FRAME_SAMPLES);
  let at = line.length - samples;
  for (const { data } of frames) {
    line.set(data, at);
    at += data.length;
  }
  return line;
}

/** One line in a session of its own. */
class RealtimeLine {
  readonly #options: RealtimeProbeOptions;
  readonly #line: Int16Array;
  readonly #clock: Clock;
  readonly #openedAtMs: number;
  readonly #times: Pick<
    RealtimeMeasurement,
    'connectionMs' | 'sessionMs' | 'turnEndMs' | 'createdMs' | 'firstByteMs' | 'firstAudibleMs'
  > = {};
  #session: llm.RealtimeSession | undefined;
  #leadFrames = LEAD_MS / FRAME_MS;
  /** Position in the line, samples; `undefined` before it begins. */
  #at: number | undefined;
  #dueMs: number | undefined;
  #startedMs: number | undefined;
  #nextDueMs: number;
  #cancelTick = () => {};
  #cancelTimeout = () => {};
  #finish: (error?: FirstwordError) => void = () => {};

  constructor(options: RealtimeProbeOptions, line: Int16Array) {
    this.#options = options;
    this.#line = line;
    this.#clock = options.clock;
    this.#openedAtMs = this.#clock.nowMs();
    this.#nextDueMs = this.#openedAtMs + FRAME_MS;
  }

  async play(signal: AbortSignal): Promise<RealtimeMeasurement> {
    const { name, wire, server, settings, timeoutMs } = this.#options;
    const opened = await openRealtimeModel(wire, server, 'audio', settings);
    const model = opened instanceof llm.DuplexModel ? new llm.DuplexRealtimeAdapter(opened) : opened;
    const watch = new RealtimeWatch({
      model,
      clock: this.#clock,
      handlers: {
        onTurnEnded: (end) => this.#onTurnEnded(end),
        onResponse: (response) => this.#onResponse(response),
        onAudible: (response) => this.#onAudible(response),
        onDone: (response) => this.#onDone(response),
      },
    });
    const unwatch = watchUpgrades();
    const stop = () => this.#finish(new FirstwordError('aborted', 'the measurement was stopped'));
    signal.addEventListener('abort', stop, { once: true });
    try {
      const error = await new Promise<FirstwordError | undefined>((resolve) => {
        this.#finish = resolve;
        this.#expire(timeoutMs, `${name} opened no session within ${timeoutMs} ms`);
        this.#open(model);
        if (signal.aborted) stop();
      });
      if (signal.aborted) throw error;
      return this.#measured(error);
    } finally {
      signal.removeEventListener('abort', stop);
      this.#cancelTick();
      this.#cancelTimeout();
      watch.close();
      unwatch();
      // What a session that never opened rejects with has been reported.
      await this.#session?.close().catch(() => {});
      await model.close();
    }
  }

  #open(model: llm.RealtimeModel): void {
    const onOpened = () => {
      this.#times.connectionMs ??= this.#clock.nowMs() - this.#openedAtMs;
    };
    const session = whenOpened(onOpened, () => model.session());
    this.#session = session;
    session.on('error', ({ error, recoverable }: llm.RealtimeModelError) => {
      // The plugin would open another connection, which has not heard the line.
      const isLost = error instanceof APIConnectionError || error instanceof APIStatusError;
      if (!recoverable || isLost || this.#times.sessionMs === undefined)
        this.#finish(realtimeFailure(error, this.#options.name));
    });
    wireEmitter(session).on('openai_server_event_received', ({ type }: { type?: unknown }) => {
      if (type === 'session.updated' || type === 'session.started') this.#onReady();
    });
    // GPT-Live waits for its settings.
    if (model instanceof llm.DuplexRealtimeAdapter)
      session
        ._updateSession(undefined, llm.ChatContext.empty(), llm.ToolContext.empty())
        .catch((error: Error) => this.#finish(realtimeFailure(error, this.#options.name)));
    this.#tick();
  }

  #onReady(): void {
    this.#times.sessionMs ??= this.#clock.nowMs() - this.#openedAtMs;
  }

  #expire(afterMs: number, message: string): void {
    this.#cancelTimeout();
    this.#cancelTimeout = this.#clock.schedule(afterMs, () =>
      this.#finish(new FirstwordError('timeout', message, { retryable: true })),
    );
  }

  #tick(): void {
    while (this.#nextDueMs <= this.#clock.nowMs()) {
      this.#send(this.#nextDueMs);
      this.#nextDueMs += FRAME_MS;
    }
    this.#cancelTick = this.#clock.schedule(this.#nextDueMs - this.#clock.nowMs(), () => this.#tick());
  }

  #send(dueMs: number): void {
    const session = this.#session!;
    if (this.#times.sessionMs === undefined && isGeminiOpen(session)) this.#onReady();
    if (this.#times.sessionMs !== undefined && this.#at === undefined && this.#leadFrames-- === 0)
      this.#at = 0;
    const at = this.#at ?? this.#line.length;
    const isSpeech = at < this.#line.length;
    const samples = isSpeech ? this.#line.slice(at, at + FRAME_SAMPLES) : new Int16Array(FRAME_SAMPLES);
    session.pushAudio(new AudioFrame(samples, RATE_HZ, 1, FRAME_SAMPLES));
    if (!isSpeech) return;
    this.#at = at + FRAME_SAMPLES;
    if (this.#at < this.#line.length) return;
    const { name, timeoutMs } = this.#options;
    this.#dueMs = dueMs;
    this.#startedMs = this.#clock.nowMs();
    this.#expire(timeoutMs, `${name} sent nothing audible within ${timeoutMs} ms`);
  }

  #sinceLine(atMs: number): number | undefined {
    return this.#startedMs === undefined || atMs < this.#startedMs ? undefined : atMs - this.#startedMs;
  }

  #onTurnEnded({ reportedMs }: RealtimeTurnEnd): void {
    const atMs = this.#sinceLine(reportedMs);
    if (atMs !== undefined) this.#times.turnEndMs = atMs;
  }

  #onResponse({ createdMs, isFirstReport }: RealtimeResponse): void {
    const atMs = isFirstReport ? undefined : this.#sinceLine(createdMs);
    if (atMs !== undefined) this.#times.createdMs = atMs;
  }

  #onAudible({ firstAudioMs, heardMs }: RealtimeResponse): void {
    const { name } = this.#options;
    const firstByteMs = this.#sinceLine(firstAudioMs!);
    if (firstByteMs === undefined) {
      const message = `${name} answered before the line was over: take a line without pauses, or a longer --silence`;
      this.#finish(new FirstwordError('bad_stream', message));
      return;
    }
    this.#times.firstByteMs = firstByteMs;
    this.#times.firstAudibleMs = heardMs! - this.#startedMs!;
    this.#finish();
  }

  #onDone({ createdMs, audibleMs, status }: RealtimeResponse): void {
    // One that the caller's speech has cut short is followed by another.
    if (audibleMs !== undefined || status === 'cancelled' || this.#sinceLine(createdMs) === undefined) return;
    const message = `${this.#options.name} completed its answer without an audible sample`;
    this.#finish(new FirstwordError('bad_stream', message, { retryable: true }));
  }

  #measured(error: FirstwordError | undefined): RealtimeMeasurement {
    const nowMs = this.#clock.nowMs();
    const startedMs = this.#startedMs ?? nowMs;
    return {
      kind: 'realtime',
      startedMs,
      lateMs: startedMs - (this.#dueMs ?? startedMs),
      endedMs: nowMs,
      billed: nowMs - this.#openedAtMs,
      events: [],
      ...this.#times,
      ...(error ? { error } : {}),
    };
  }
}

/**
 * Measures a realtime model through LiveKit's plugin, as an agent uses it, without an agent: each line has a session of its own, which is
 * opened before the line, hears silence around it, and is closed at the first audible sample of the answer. Starts LiveKit's logger, silent.
 */
export function realtimeProbe(options: RealtimeProbeOptions): SpeechProbe {
  initializeLogger({ pretty: false, level: 'silent' });
  const line = lineOf(options.audio);
  const open = new Set<AbortController>();
  return {
    ready: async () => {},
    measure: async ({ signal }) => {
      const closing = new AbortController();
      open.add(closing);
      const either = AbortSignal.any([signal, closing.signal]);
      return new RealtimeLine(options, line).play(either).finally(() => open.delete(closing));
    },
    close: async () => {
      for (const controller of open) controller.abort();
    },
  };
}
