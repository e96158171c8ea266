import {
  type Clock,
  type SpeculationOptions,
  type SpeculationStats,
  Speculator,
  systemClock,
} from '@firstword/turn';
import { type APIConnectOptions, stt, type VAD, VADEventType } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import { forwardConversationItem, forwardKeyterms } from '../internals/stt-session-hooks.js';
import { EagerHearing } from './eager-hearing.js';
import { SegmentMemory } from './segments.js';

export interface EagerSTTOptions {
  /** When to start early, and at what cost. */
  speculation?: Partial<SpeculationOptions>;
  /** What was learned of early starts before; left out, nothing. It brings its own `speculation`. */
  account?: Speculator;
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
export interface SessionView {
  /** Whether LiveKit would take a speculation up now: it drops those made while the agent holds the floor. */
  mayStart(): boolean;
  /** So many words are worth a start, but a reply is in hand: ends it where the caller has talked it into silence. */
  giveUpFloor?(words: number): void;
  /** History has words as `given` that the engine, after the commit, wrote otherwise; `other`: they are other words. */
  onWrittenLate?(given: string, written: string, other: boolean): void;
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
  readonly account: Speculator;
  readonly memory = new SegmentMemory();
  readonly #options: EagerSTTOptions;
  readonly #hearings = new Set<EagerHearing>();
  #view: SessionView | undefined;
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
    this.account = options.account ?? new Speculator(options.speculation);
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
  get counters(): SpeculationStats {
    return this.account.stats;
  }

  /** The session in which it listens; `attachEagerSTT` calls this. */
  view(view: SessionView | undefined): void {
    this.#view = view;
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
      hearing: (emit) => this.#openHearing(clock, emit),
      onClose: (hearing) => this.#hearings.delete(hearing),
    });
  }

  /** The agent has given up the floor: what was worth a start may be started now. `attachEagerSTT` calls this. */
  reconsider(): void {
    for (const hearing of this.#hearings) hearing.reconsider();
  }

  /** A turn is being committed. `attachEagerSTT` calls this. */
  committed(): void {
    for (const hearing of this.#hearings) hearing.committed();
  }

  /** Another agent has taken over. `attachEagerSTT` calls this. */
  handedOver(): void {
    for (const hearing of this.#hearings) hearing.handedOver();
  }

  #openHearing(clock: Clock, emit: (event: stt.SpeechEvent) => void): EagerHearing {
    const { fillers, finalSilenceMs } = this.#options;
    const hearing = new EagerHearing({
      clock,
      account: this.account,
      memory: this.memory,
      fillers,
      mayStart: () => this.#view?.mayStart() ?? true,
      giveUpFloor: (words) => this.#view?.giveUpFloor?.(words),
      // Without a session nobody tells of commits, and a late final could double a turn.
      finalSilenceMs: this.#view?.onWrittenLate ? finalSilenceMs : undefined,
      onWrittenLate: (given, written, other) => this.#view?.onWrittenLate?.(given, written, other),
      costTokens: () => this.#view?.costTokens() ?? 0,
      emit,
    });
    this.#hearings.add(hearing);
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
  hearing: (emit: (event: stt.SpeechEvent) => void) => EagerHearing;
  onClose: (hearing: EagerHearing) => void;
}

class EagerSpeechStream extends stt.SpeechStream {
  override label = 'firstword.EagerSpeechStream';
  readonly #inner: stt.SpeechStream;
  readonly #silence: ReturnType<VAD['stream']> | undefined;
  #isListening = false;
  readonly #clock: Clock;
  readonly #hearing: EagerHearing;
  readonly #closeHearing: () => void;

  constructor(owner: EagerSTT, parts: StreamParts) {
    super(owner);
    this.#inner = parts.inner;
    this.#silence = parts.vad?.stream();
    this.#clock = parts.clock;
    this.#hearing = parts.hearing((event) => {
      if (!this.queue.closed) this.queue.put(event);
    });
    this.#closeHearing = () => {
      this.#hearing.close();
      parts.onClose(this.#hearing);
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
    this.#closeHearing();
    this.#inner.close();
    super.close();
  }

  /** The inner stream counts its own usage: counting it here too would double it. */
  protected override async monitorMetrics(): Promise<void> {
    for await (const event of this.queue) if (!this.output.closed) this.output.put(event);
    if (!this.output.closed) this.output.close();
  }

  protected override async run(): Promise<void> {
    const listening = this.#listenForSilence();
    // Ends by itself when the input does, or with close(): it must not hold up an inner stream that has died.
    void this.#feed();
    try {
      for await (const event of this.#inner) this.#hearing.hear(event);
    } finally {
      this.#closeHearing();
      if (this.#isListening) this.#silence?.close();
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
      if (typeof frame !== 'symbol') this.#listen(frame);
    }
    try {
      this.#inner.endInput();
    } catch {
      // Closed already.
    }
  }

  /** Silence is only a sign: an engine is heard without it. */
  #listen(frame: AudioFrame): void {
    try {
      this.#silence?.pushFrame(frame);
    } catch {
      this.#hearing.silence(undefined);
    }
  }

  async #listenForSilence(): Promise<void> {
    if (!this.#silence) return;
    this.#isListening = true;
    try {
      for await (const { type, rawAccumulatedSilence } of this.#silence) {
        if (type !== VADEventType.INFERENCE_DONE) continue;
        const silent = rawAccumulatedSilence > 0;
        this.#hearing.silence(silent ? this.#clock.nowMs() - rawAccumulatedSilence : undefined);
      }
    } catch {
      // The VAD has failed. The session has its own, and says so.
    }
    this.#isListening = false;
    this.#hearing.silence(undefined);
  }
}
