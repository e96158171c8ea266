import {
  type Clock,
  type SpeculationCounters,
  type SpeculationOptions,
  Speculator,
  systemClock,
} from '@firstword/turn';
import { type APIConnectOptions, stt, type VAD, VADEventType } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import { forwardConversationItem, forwardKeyterms } from '../internals/stt-session-hooks.js';
import { SegmentMemory } from './segments.js';
import { TranscriptProcessor } from './transcript-processor.js';

export interface EagerSTTOptions {
  /** When to start early, and at what cost. */
  speculation?: Partial<SpeculationOptions>;
  /** What was learned of early starts before; left out, nothing. It brings its own `speculation`. */
  speculator?: Speculator;
  /**
   * Listens for silence after the words: the surest sign that they are all. Leave it out for an engine that says so
   * itself (`LocalSTT`) or whose confidence is good.
   */
  vad?: VAD;
  /** Words that say nothing, beside the language's own; lower case. */
  fillers?: readonly string[];
  /**
   * Silence (ms) after which words that an answer was already started on are told as final, without waiting for the
   * engine's own final; left out, never. Needs `vad` and `attachEagerSTT`. What the engine says afterwards still counts:
   * other words replace these as long as the turn is open. 200 is LiveKit's own patience before it asks for the end of
   * the turn; lower gains nothing.
   */
  finalSilenceMs?: number;
  clock?: Clock;
}

/** What the session tells its ears. */
export interface SpeculationHost {
  /** Whether LiveKit would take a speculation up now: it drops those made while the agent holds the floor. */
  canSpeculate(): boolean;
  /** So many words are worth a start, but a reply is in hand: ends it where the caller has talked it into silence. */
  interruptReplies?(words: number): void;
  /** History has words as `given` that the engine, after the commit, wrote otherwise; `other`: they are other words. */
  onLateFinal?(given: string, written: string, other: boolean): void;
  /** What a superseded speculation costs, tokens; an estimate. */
  costTokens(): number;
}

/**
 * Any LiveKit speech-to-text, made to start answers early: an interim that is confident, stable or followed by silence
 * goes out as `PREFLIGHT_TRANSCRIPT`, on which LiveKit starts the LLM (and the voice, with `preemptiveTts`). Nothing is
 * heard and no tool runs before the turn is committed. The words that follow decide whether it is kept.
 *
 * Give it to an `AgentSession` and call `attachEagerSTT(session)`: without that it works, but history keeps the
 * interim's spelling and nothing is learned from what was kept. `onUserTurnCompleted` sees the interim's spelling too.
 */
export class EagerSTT extends stt.STT {
  override label: string;
  readonly inner: stt.STT;
  readonly speculator: Speculator;
  readonly segments = new SegmentMemory();
  readonly #options: EagerSTTOptions;
  readonly #processors = new Set<TranscriptProcessor>();
  #host: SpeculationHost | undefined;
  readonly #onMetrics = (metrics: Parameters<stt.STTCallbacks['metrics_collected']>[0]) =>
    this.emit('metrics_collected', metrics);
  readonly #onError = (error: Parameters<stt.STTCallbacks['error']>[0]) => {
    // Once the session has gone nobody listens, and an error event without a listener would end the process.
    if (this.listenerCount('error') > 0) this.emit('error', error);
  };

  constructor(inner: stt.STT, options: EagerSTTOptions = {}) {
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

  /** What speculation has done in this call so far. */
  get counters(): SpeculationCounters {
    return this.speculator.counters;
  }

  /** The session in which it listens; `attachEagerSTT` calls this. */
  setHost(view: SpeculationHost | undefined): void {
    this.#host = view;
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
    return new EagerSpeechStream(this, {
      inner: this.inner.stream(options),
      vad,
      clock,
      hearing: (emit) => this.#openProcessor(clock, emit),
      onClose: (hearing) => this.#processors.delete(hearing),
    });
  }

  /** The agent has given up the floor: what was worth a start may be started now. `attachEagerSTT` calls this. */
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

  #openProcessor(clock: Clock, emit: (event: stt.SpeechEvent) => void): TranscriptProcessor {
    const { fillers, finalSilenceMs } = this.#options;
    const hearing = new TranscriptProcessor({
      clock,
      speculator: this.speculator,
      segments: this.segments,
      fillers,
      canSpeculate: () => this.#host?.canSpeculate() ?? true,
      interruptReplies: (words) => this.#host?.interruptReplies?.(words),
      // Without a session nobody tells of commits, and a late final could double a turn.
      finalSilenceMs: this.#host?.onLateFinal ? finalSilenceMs : undefined,
      onLateFinal: (given, written, other) => this.#host?.onLateFinal?.(given, written, other),
      costTokens: () => this.#host?.costTokens() ?? 0,
      emit,
    });
    this.#processors.add(hearing);
    return hearing;
  }

  override async close(): Promise<void> {
    this.inner.off('metrics_collected', this.#onMetrics);
    this.inner.off('error', this.#onError);
    await this.inner.close();
  }
}

interface StreamParts {
  inner: stt.SpeechStream;
  vad: VAD | undefined;
  clock: Clock;
  hearing: (emit: (event: stt.SpeechEvent) => void) => TranscriptProcessor;
  onClose: (hearing: TranscriptProcessor) => void;
}

class EagerSpeechStream extends stt.SpeechStream {
  override label = 'firstword.EagerSpeechStream';
  readonly #inner: stt.SpeechStream;
  readonly #vadStream: ReturnType<VAD['stream']> | undefined;
  #isVadRunning = false;
  readonly #clock: Clock;
  readonly #processor: TranscriptProcessor;
  readonly #closeProcessor: () => void;

  constructor(owner: EagerSTT, parts: StreamParts) {
    super(owner);
    this.#inner = parts.inner;
    this.#vadStream = parts.vad?.stream();
    this.#clock = parts.clock;
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

  /** The inner stream stamps the transcripts, and may begin before this one does. */
  override set startTimeOffset(seconds: number) {
    super.startTimeOffset = seconds;
    this.#inner.startTimeOffset = seconds;
  }

  override close(): void {
    this.#closeProcessor();
    this.#inner.close();
    super.close();
  }

  /** The inner stream counts its own usage: counting it here too would double it. */
  protected override async monitorMetrics(): Promise<void> {
    for await (const event of this.queue) if (!this.output.closed) this.output.put(event);
    if (!this.output.closed) this.output.close();
  }

  protected override async run(): Promise<void> {
    const listening = this.#readVad();
    // Ends by itself when the input does, or with close(): it must not hold up an inner stream that has died.
    void this.#feed();
    try {
      for await (const event of this.#inner) this.#processor.process(event);
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
        // The inner stream is closed; its end, or its error, is told where it is read.
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

  /** Silence is only a sign: an engine is heard without it. */
  #pushToVad(frame: AudioFrame): void {
    try {
      this.#vadStream?.pushFrame(frame);
    } catch {
      this.#processor.setSilence(undefined);
    }
  }

  async #readVad(): Promise<void> {
    if (!this.#vadStream) return;
    this.#isVadRunning = true;
    try {
      for await (const { type, rawAccumulatedSilence } of this.#vadStream) {
        if (type !== VADEventType.INFERENCE_DONE) continue;
        const silent = rawAccumulatedSilence > 0;
        this.#processor.setSilence(silent ? this.#clock.nowMs() - rawAccumulatedSilence : undefined);
      }
    } catch {
      // The VAD has failed. The session has its own, and says so.
    }
    this.#isVadRunning = false;
    this.#processor.setSilence(undefined);
  }
}
