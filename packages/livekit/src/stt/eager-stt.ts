import {
  type Clock,
  type SpeculationOptions,
  type SpeculationStats,
  Speculator,
  systemClock,
} from '@firstword/turn';
import {
  type APIConnectOptions,
  DEFAULT_API_CONNECT_OPTIONS,
  stt,
  type VAD,
  VADEventType,
} from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import { assertSameCopy } from '../compatibility/same-copy.js';
import { forwardConversationItem, forwardKeyterms } from '../internals/stt-session-hooks.js';
import { LocalSTT } from './local-stt.js';
import { isRecovered, ReconnectingStream } from './reconnecting-stream.js';
import { SegmentMemory } from './segments.js';
import { TranscriptProcessor } from './transcript-processor.js';

const { SpeechEventType: Type } = stt;

/** Options of `EagerSTT`. */
export interface EagerSTTOptions {
  /** When to speculate, and how much it may cost. Default: `DEFAULT_SPECULATION`. */
  speculation?: Partial<SpeculationOptions>;
  /** A speculator to go on with, for example from an earlier session; `speculation` is then ignored. Default: a new one. */
  speculator?: Speculator;
  /**
   * Detects silence after the words, the best sign that they are complete. Leave it out for an STT that reports pauses
   * itself (`LocalSTT`) or whose confidence is reliable. Default: none.
   */
  vad?: VAD;
  /** Filler words to ignore, in addition to those of the language; lower case. Default: none. */
  fillers?: readonly string[];
  /**
   * Silence after which the words of a running speculation are emitted as final, without waiting for the STT's own final,
   * ms. Default: never. Needs `vad` and `attachEagerSTT`. If the STT's final has other words, they replace these while the
   * turn is open. Below 200 nothing is gained: LiveKit asks for the end of the turn after 200 ms of silence.
   */
  finalSilenceMs?: number;
  clock?: Clock;
}

/** What went wrong with the STT in a turn, and was put right. */
export interface SttRepairs {
  /** How often its connection was lost and replaced. */
  reconnections: number;
  /** How many finals are interim transcripts that the STT never confirmed. */
  unconfirmedFinals: number;
}

/** What an `EagerSTT` needs from its session; `attachEagerSTT` provides it. */
export interface SpeculationHost {
  /** Whether LiveKit would accept a speculation now: it drops those made while a reply is active. */
  canSpeculate(): boolean;
  /** After how long to ask again whether a speculation on these words may start, ms; 0: it may now. Default: never held. */
  holdMs?(words: string): number;
  /** There are enough words to speculate on, but a reply is still active: interrupt it if the caller has already talked over it. */
  interruptReplies?(words: number): void;
  /** After the commit, the STT wrote differently what history has as `given`; `other`: the words themselves differ. */
  onLateFinal?(given: string, written: string, other: boolean): void;
  /** Estimated cost of the newest speculation so far, tokens. */
  costTokens(): number;
}

/**
 * Wraps any LiveKit STT so that answers start before the turn is over. An interim transcript that is confident, stable or
 * followed by silence is emitted as `PREFLIGHT_TRANSCRIPT`, on which LiveKit starts the LLM (and the TTS, with
 * `preemptiveTts`). Nothing is played and no tool runs before the turn is committed. The speculation is kept if the final
 * transcript has the same words.
 *
 * Give it to an `AgentSession` and call `attachEagerSTT(session)`. Without that call it works, but history keeps the
 * interim's spelling and kept speculations are not counted. `onUserTurnCompleted` sees the interim's spelling either way.
 */
export class EagerSTT extends stt.STT {
  override label: string;
  readonly inner: stt.STT;
  readonly speculator: Speculator;
  readonly segments = new SegmentMemory();
  readonly #options: EagerSTTOptions;
  readonly #processors = new Set<TranscriptProcessor>();
  readonly #streams = new Set<ReconnectingStream>();
  #repairs: SttRepairs = { reconnections: 0, unconfirmedFinals: 0 };
  #host: SpeculationHost | undefined;
  #onTurn: (hasEnded: boolean) => void = () => {};
  readonly #onMetrics = (metrics: Parameters<stt.STTCallbacks['metrics_collected']>[0]) =>
    this.emit('metrics_collected', metrics);
  readonly #onError = (error: Parameters<stt.STTCallbacks['error']>[0]) =>
    this.#report(isRecovered(error.error) ? { ...error, recoverable: true } : error);

  constructor(inner: stt.STT, options: EagerSTTOptions = {}) {
    assertSameCopy({ stt: inner, vad: options.vad });
    super(inner.capabilities);
    this.label = `firstword.EagerSTT(${inner.label})`;
    this.inner = inner;
    this.speculator = options.speculator ?? new Speculator(options.speculation);
    this.#options = options;
    inner.on('metrics_collected', this.#onMetrics);
    inner.on('error', this.#onError);
  }

  override get capabilities(): stt.STTCapabilities {
    // The base constructor may ask before `inner` is set.
    return this.inner?.capabilities ?? super.capabilities;
  }

  override get model(): string {
    return this.inner.model;
  }

  override get provider(): string {
    return this.inner.provider;
  }

  /** Counts of this call's speculations so far. */
  get counters(): SpeculationStats {
    return this.speculator.stats;
  }

  /** Whether the newest transcript is a final without words. LiveKit reports such a final to no one. */
  get endedEmpty(): boolean {
    return [...this.#processors].some((processor) => processor.endedEmpty);
  }

  /**
   * Whether the words of speech that has ended may still come, because the connection to the STT was lost in it: a new one gets
   * its audio.
   */
  get isCatchingUp(): boolean {
    return [...this.#streams].some((stream) => stream.isCatchingUp);
  }

  /** Nobody waits for the words of the speech so far any more: a new connection does not get its audio. */
  forgetAudio(): void {
    for (const stream of this.#streams) stream.forgetAudio();
  }

  /** What has been put right since the last call. */
  takeRepairs(): SttRepairs {
    const taken = this.#repairs;
    this.#repairs = { reconnections: 0, unconfirmedFinals: 0 };
    return taken;
  }

  /** Connects it to a session, or disconnects it (`undefined`). `attachEagerSTT` calls this. */
  setHost(view: SpeculationHost | undefined): void {
    this.#host = view;
  }

  /**
   * Calls `listener` with true when the wrapped STT has ended the caller's turn, and with false when it has heard more of it.
   * Returns a function that stops it.
   */
  watchTurns(listener: (hasEnded: boolean) => void): () => void {
    this.#onTurn = listener;
    return () => {
      this.#onTurn = () => {};
    };
  }

  override recognize(...args: Parameters<stt.STT['recognize']>): Promise<stt.SpeechEvent> {
    return this.inner.recognize(...args);
  }

  protected override async _recognize(...args: Parameters<stt.STT['recognize']>): Promise<stt.SpeechEvent> {
    return this.inner.recognize(...args);
  }

  override _updateSessionKeyterms(keyterms: string[]): void {
    forwardKeyterms(this.inner, keyterms);
  }

  override _pushConversationItem(...args: Parameters<stt.STT['_pushConversationItem']>): void {
    forwardConversationItem(this.inner, ...args);
  }

  override stream(options?: { connOptions?: APIConnectOptions }): stt.SpeechStream {
    const { clock = systemClock, vad } = this.#options;
    const inner = this.#openInner(options, clock);
    return new EagerSpeechStream(this, {
      inner,
      vad,
      clock,
      hearing: (emit) => this.#openProcessor(clock, emit),
      onClose: (hearing) => {
        this.#processors.delete(hearing);
        this.#streams.delete(inner);
      },
      onTurn: (hasEnded) => this.#onTurn(hasEnded),
    });
  }

  /** No reply is active any more: words that were worth a speculation may start one now. `attachEagerSTT` calls this. */
  reconsider(): void {
    for (const hearing of this.#processors) hearing.reconsider();
  }

  /** A turn is being committed. `attachEagerSTT` calls this. */
  committed(): void {
    for (const hearing of this.#processors) hearing.committed();
  }

  /** Another agent has taken over. `attachEagerSTT` calls this. */
  handedOver(): void {
    for (const hearing of this.#processors) hearing.handedOver();
  }

  #openInner(options: { connOptions?: APIConnectOptions } | undefined, clock: Clock): ReconnectingStream {
    const { inner } = this;
    const connOptions = { ...DEFAULT_API_CONNECT_OPTIONS, ...options?.connOptions, maxRetry: 0 };
    const stream = new ReconnectingStream({
      open: (isAgain) => inner.stream(isAgain ? { ...options, connOptions } : options),
      isReplaceable: !ADAPTERS.some((kind) => inner instanceof kind),
      clock,
      onReconnect: () => {
        this.#repairs.reconnections += 1;
      },
      onGaveUp: (error) => {
        const event = { type: 'stt_error' as const, timestamp: Date.now(), label: inner.label };
        this.#report({ ...event, error, recoverable: false });
      },
    });
    this.#streams.add(stream);
    return stream;
  }

  /** After the session has closed there is no listener, and an `error` event without one would end the process. */
  #report(error: Parameters<stt.STTCallbacks['error']>[0]): void {
    if (this.listenerCount('error') > 0) this.emit('error', error);
  }

  #openProcessor(clock: Clock, emit: (event: stt.SpeechEvent) => void): TranscriptProcessor {
    const { fillers, finalSilenceMs } = this.#options;
    const hearing = new TranscriptProcessor({
      clock,
      speculator: this.speculator,
      segments: this.segments,
      fillers,
      canSpeculate: () => this.#host?.canSpeculate() ?? true,
      holdMs: (words) => this.#host?.holdMs?.(words) ?? 0,
      interruptReplies: (words) => this.#host?.interruptReplies?.(words),
      // Without a session there are no commits, and a late final could repeat a turn.
      finalSilenceMs: this.#host?.onLateFinal ? finalSilenceMs : undefined,
      confirmsWords: this.#host?.onLateFinal !== undefined,
      onUnconfirmed: () => {
        this.#repairs.unconfirmedFinals += 1;
      },
      onLateFinal: (given, written, other) => this.#host?.onLateFinal?.(given, written, other),
      costTokens: () => this.#host?.costTokens() ?? 0,
      emit,
    });
    this.#processors.add(hearing);
    return hearing;
  }

  /** Stops passing on the wrapped STT's metrics and errors. Does not close it. */
  detach(): void {
    this.inner.off('metrics_collected', this.#onMetrics);
    this.inner.off('error', this.#onError);
  }

  override async close(): Promise<void> {
    this.detach();
    await this.inner.close();
  }
}

/** They have no connection of their own, or replace it themselves. */
const ADAPTERS = [LocalSTT, stt.FallbackAdapter, stt.StreamAdapter] as const;

interface StreamParts {
  inner: ReconnectingStream;
  vad: VAD | undefined;
  clock: Clock;
  hearing: (emit: (event: stt.SpeechEvent) => void) => TranscriptProcessor;
  onClose: (hearing: TranscriptProcessor) => void;
  onTurn: (hasEnded: boolean) => void;
}

class EagerSpeechStream extends stt.SpeechStream {
  override label = 'firstword.EagerSpeechStream';
  readonly #inner: ReconnectingStream;
  readonly #vadStream: ReturnType<VAD['stream']> | undefined;
  #isVadRunning = false;
  readonly #clock: Clock;
  readonly #processor: TranscriptProcessor;
  readonly #closeProcessor: () => void;
  readonly #onTurn: (hasEnded: boolean) => void;

  constructor(owner: EagerSTT, parts: StreamParts) {
    super(owner);
    this.#inner = parts.inner;
    this.#vadStream = parts.vad?.stream();
    this.#clock = parts.clock;
    this.#onTurn = parts.onTurn;
    this.#processor = parts.hearing((event) => {
      if (!this.queue.closed) this.queue.put(event);
    });
    this.#closeProcessor = () => {
      this.#processor.close();
      parts.onClose(this.#processor);
    };
  }

  override get startTimeOffset(): number {
    return super.startTimeOffset;
  }

  /** The inner stream sets the timestamps of transcripts, and may start before this one. */
  override set startTimeOffset(seconds: number) {
    super.startTimeOffset = seconds;
    this.#inner.startTimeOffset = seconds;
  }

  override close(): void {
    this.#closeProcessor();
    this.#inner.close();
    super.close();
  }

  /** The inner stream reports its own usage: reporting it here as well would double it. */
  protected override async monitorMetrics(): Promise<void> {
    for await (const event of this.queue) if (!this.output.closed) this.output.put(event);
    if (!this.output.closed) this.output.close();
  }

  protected override async run(): Promise<void> {
    const listening = this.#readVad();
    // Not awaited: it ends with the input or with close(), and must not delay the end of a failed inner stream.
    void this.#feed();
    try {
      await this.#inner.read((event) => {
        this.#processor.process(event);
        if (event.type === Type.END_OF_SPEECH) this.#onTurn(true);
        else if (event.type === Type.START_OF_SPEECH || event.type === Type.INTERIM_TRANSCRIPT)
          this.#onTurn(false);
      });
    } finally {
      this.#closeProcessor();
      if (this.#isVadRunning) this.#vadStream?.close();
      await listening;
    }
  }

  async #feed(): Promise<void> {
    for await (const frame of this.input) {
      if (this.abortController.signal.aborted) return;
      try {
        if (typeof frame === 'symbol') this.#inner.flush();
        else this.#inner.pushFrame(frame);
      } catch {
        // The inner stream is closed. Its end, or its error, is handled where it is read.
        return;
      }
      if (typeof frame !== 'symbol') this.#pushToVad(frame);
    }
    try {
      this.#inner.endInput();
    } catch {
      // Closed already.
    }
  }

  /** A VAD that fails costs the silence signal only: transcripts still pass. */
  #pushToVad(frame: AudioFrame): void {
    try {
      this.#vadStream?.pushFrame(frame);
    } catch {
      this.#processor.forgetSilence();
    }
  }

  async #readVad(): Promise<void> {
    if (!this.#vadStream) return;
    this.#isVadRunning = true;
    try {
      for await (const { type, rawAccumulatedSilence } of this.#vadStream) {
        if (type !== VADEventType.INFERENCE_DONE) continue;
        const silent = rawAccumulatedSilence > 0;
        this.#inner.setSpeaking(!silent);
        this.#processor.setSilence(silent ? this.#clock.nowMs() - rawAccumulatedSilence : undefined);
      }
    } catch {
      // This VAD has failed. The session runs a VAD of its own, which reports its failures.
    }
    this.#isVadRunning = false;
    this.#processor.forgetSilence();
  }
}
