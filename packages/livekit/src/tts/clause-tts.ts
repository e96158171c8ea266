import { ClauseCutter, type Clock, FirstwordError, systemClock, toSpeech } from '@firstword/turn';
import { type APIConnectOptions, DEFAULT_API_CONNECT_OPTIONS, tts } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { assertSameCopy } from '../compatibility/same-copy.js';
import { containFailure } from '../internals/chunked-stream-task.js';
import { firstAudibleSample } from '../transport/speech-edges.js';
import type { ClauseSettings, ClauseStreamOwner, ClauseTTSOptions } from './clause-options.js';
import { ClauseStream } from './clause-stream.js';
import type { FillerOptions } from './filler.js';
import { Framer } from './framer.js';
import { LocalTTS } from './local-tts.js';
import { join, PauseTrimmer } from './pause-trimmer.js';
import type { PhraseKey } from './phrase-cache.js';
import { TTSGroup } from './tts-group.js';
import { type TTSTrace, type TTSTraceListener, TTSTraceListeners } from './tts-trace.js';
import { noAudio } from './wrapped-tts.js';

/** Most clauses kept from superseded speculations. One is usually 1 to 3 s of speech, 50 to 150 kB. */
const MAX_SPECULATIVE_CLAUSES = 8;

/**
 * Wraps any LiveKit TTS so that speech starts earlier: the first clause of an answer is synthesized as soon as it is
 * complete, leading silence is cut, and frames are short. Markdown is not spoken.
 *
 * Every TTS speaks the whole answer. One that cannot take an answer clause by clause through one stream, because it ends the
 * stream at the first flush, gets a request for each clause from then on; a warning names it once. The TTSs of a `FallbackAdapter`
 * are used directly, in its order and with its `maxRetryPerTTS`: its stream takes a failure in the middle for the end. The next
 * one speaks if one fails before it was audible, and the failure is an `error` event with `recoverable: true`. A `StreamAdapter`'s
 * TTS is asked for each clause.
 *
 * Closing it closes the wrapped TTS. Failures are reported by this object's `error` event, as LiveKit expects. A failure
 * before any audio of a clause is retried as often as the session allows; one in the middle of a clause is not. Word
 * timings and markup ("expressive") of the wrapped TTS are not passed on.
 */
export class ClauseTTS extends tts.TTS implements ClauseStreamOwner {
  override label: string;
  readonly clock: Clock;
  /** The wrapped TTS, or the TTSs of the wrapped `FallbackAdapter`. @internal */
  readonly wrapped: TTSGroup;
  /** The options, with defaults. @internal */
  readonly settings: ClauseSettings;
  /** Phrases said when an answer is late. */
  readonly filler: FillerOptions | undefined;
  readonly #phrases: ClauseTTSOptions['phrases'];
  /** Clauses of cached phrases, each with its audio once that is available. */
  readonly #phraseAudio = new Map<string, Int16Array | undefined>();
  /** Audio of clauses synthesized for the turn that is not committed yet. */
  readonly #speculativeAudio = new Map<string, Int16Array>();
  /** Phrases that are being synthesized. */
  readonly #synthesizing = new Map<string, Promise<Int16Array>>();
  #announced: string | undefined;
  readonly #watchers = new TTSTraceListeners();

  /** @throws FirstwordError `bad_input` where a number is out of its range. */
  constructor(inner: tts.TTS, options: ClauseTTSOptions = {}) {
    assertSameCopy({ tts: inner });
    super(inner.sampleRate, inner.numChannels, { streaming: true });
    this.label = `firstword.ClauseTTS<${inner.label}>`;
    this.clock = options.clock ?? systemClock;
    this.wrapped = new TTSGroup(inner, this.clock, (error) => this.#reportPassedOver(error));
    this.settings = settingsOf(inner, options);
    this.#phrases = options.phrases;
    this.filler = options.filler;
    const texts = [...(options.phrases?.texts ?? []), ...(options.filler?.phrases ?? [])];
    for (const text of texts)
      for (const clause of this.#clausesOf(text)) this.#phraseAudio.set(clause, undefined);
  }

  override get model(): string {
    return this.wrapped.tts.model;
  }

  override get provider(): string {
    return this.wrapped.tts.provider;
  }

  /** Calls `watcher` as each answer's first clause is sent; the trace is filled in as it goes. Returns a stop function. */
  watch(watcher: TTSTraceListener): () => void {
    return this.#watchers.add(watcher);
  }

  /** Passes a trace to the listeners. @internal */
  report(trace: TTSTrace): void {
    this.#watchers.report(trace);
  }

  /** Audio cached for a clause. @internal */
  async cachedAudio(text: string): Promise<Int16Array | undefined> {
    const ahead = this.#speculativeAudio.get(text);
    if (ahead) return ahead;
    if (!this.#phraseAudio.has(text)) return undefined;
    const kept = this.#phraseAudio.get(text);
    if (kept) return kept;
    const onDisk = await this.#phrases?.cache.get(this.#keyOf(text));
    return onDisk && this.#isAudible(onDisk) ? onDisk : undefined;
  }

  /** Whether a clause's audio is cached, or will be. @internal */
  hasAudioFor(text: string): boolean {
    return this.#speculativeAudio.has(text) || this.#phraseAudio.has(text);
  }

  #isAudible(samples: Int16Array): boolean {
    return firstAudibleSample(samples, this.sampleRate) >= 0;
  }

  /** Keeps a speculation's audio until the turn is committed: the next speculation often begins alike. @internal */
  keepForCommit(text: string, samples: Int16Array): void {
    this.#speculativeAudio.set(text, samples);
    for (const oldest of this.#speculativeAudio.keys())
      if (this.#speculativeAudio.size > MAX_SPECULATIVE_CLAUSES) this.#speculativeAudio.delete(oldest);
  }

  /**
   * Called when the turn is committed: drops the audio of speculations.
   * @internal
   */
  clearSpeculative(): void {
    this.#speculativeAudio.clear();
  }

  /** Whether a phrase's audio is in memory. @internal */
  isReady(phrase: string): boolean {
    const clauses = this.#clausesOf(phrase);
    return clauses.length > 0 && clauses.every((clause) => this.#phraseAudio.get(clause) !== undefined);
  }

  /** Duration of a phrase's audio, ms; `undefined` if it is not in memory. @internal */
  phraseMs(phrase: string): number | undefined {
    const audio = this.#clausesOf(phrase).map((clause) => this.#phraseAudio.get(clause));
    if (audio.length === 0 || !audio.every((samples) => samples !== undefined)) return undefined;
    return audio.reduce((sum, samples) => sum + this.durationMs(samples), 0);
  }

  /** Announces a filler: the next text equal to `text` is not part of the answer. @internal */
  announceFiller(text: string): void {
    this.#announced = text;
  }

  /** The clauses of the announced filler, if `text` is that filler. @internal */
  takeFiller(text: string): string[] | undefined {
    if (this.#announced !== text) return undefined;
    this.#announced = undefined;
    return this.#clausesOf(text);
  }

  /** Duration of samples of this TTS, ms. @internal */
  durationMs(samples: Int16Array): number {
    return (samples.length / this.numChannels / this.sampleRate) * 1000;
  }

  /**
   * Loads the audio of the phrases from disk, and synthesizes those that are missing. Call it before the first call;
   * answers work without it. A phrase that fails does not keep the others from being loaded.
   *
   * @throws the first error of the TTS
   */
  async warm(options: { signal?: AbortSignal } = {}): Promise<void> {
    const failures: unknown[] = [];
    for (const text of this.#phraseAudio.keys()) {
      options.signal?.throwIfAborted();
      try {
        this.#phraseAudio.set(
          text,
          (await this.cachedAudio(text)) ?? (await this.#synthesizeOnce(text, options)),
        );
      } catch (failure) {
        failures.push(failure);
      }
    }
    options.signal?.throwIfAborted();
    if (failures.length > 0) throw failures[0];
  }

  /** A greeting may be said while it is still synthesized in advance: it must not be asked for twice. */
  #synthesizeOnce(text: string, options: { signal?: AbortSignal }): Promise<Int16Array> {
    const running = this.#synthesizing.get(text);
    if (running) return running;
    const synthesized = this.#synthesizePhrase(text, options).finally(() => this.#synthesizing.delete(text));
    this.#synthesizing.set(text, synthesized);
    return synthesized;
  }

  /** Synthesizes a phrase and caches it. */
  async #synthesizePhrase(text: string, options: { signal?: AbortSignal }): Promise<Int16Array> {
    const conn = DEFAULT_API_CONNECT_OPTIONS;
    const request = this.wrapped.request(text, { conn, stallMs: this.settings.stallMs ?? conn.timeoutMs });
    const stop = () => request.close();
    options.signal?.addEventListener('abort', stop, { once: true });
    try {
      const parts: Int16Array[] = [];
      for await (const more of request.audio()) parts.push(more);
      options.signal?.throwIfAborted();
      const samples = join(parts);
      // Cached silence would be played each time the phrase is said.
      if (!this.#isAudible(samples)) throw noAudio(samples.length === 0 ? 'no audio' : 'only silence');
      // The audio is usable even if it cannot be written to disk.
      await this.#phrases?.cache.put(this.#keyOf(text), samples).catch(() => {});
      return samples;
    } finally {
      options.signal?.removeEventListener('abort', stop);
    }
  }

  override synthesize(text: string, conn?: APIConnectOptions, signal?: AbortSignal): tts.ChunkedStream {
    return containFailure(new WholeText(this, text, conn, signal));
  }

  override stream(options?: { connOptions?: APIConnectOptions }): tts.SynthesizeStream {
    return new ClauseStream(this, options?.connOptions);
  }

  /**
   * Lets the wrapped TTS connect in advance, if it supports that and is not connected. `AgentSession` and `attachLowLatency` call
   * this at the start and whenever the caller begins to speak, LiveKit at a hand-off.
   */
  prewarm(): void {
    this.wrapped.warm();
  }

  /** Stops listening to the wrapped TTS. Does not close it. */
  detach(): void {
    this.wrapped.detach();
  }

  override async close(): Promise<void> {
    try {
      await this.wrapped.tts.close();
    } finally {
      this.detach();
    }
  }

  /** The TTS has failed, but the answer goes on. */
  #reportPassedOver(error: Error): void {
    if (this.listenerCount('error') === 0) return;
    this.emit('error', {
      type: 'tts_error',
      timestamp: Date.now(),
      label: this.label,
      error,
      recoverable: true,
    });
  }

  #clausesOf(text: string): string[] {
    const cutter = new ClauseCutter(this.settings.clause || undefined);
    return [...cutter.push(text), ...cutter.end()].map((c) => toSpeech(c.text)).filter((c) => c !== '');
  }

  #keyOf(text: string): PhraseKey {
    const { provider, model, sampleRate: rateHz, numChannels: channels } = this;
    return { provider, model, voice: this.#phrases?.voice ?? '', rateHz, channels, text };
  }
}

function settingsOf(inner: tts.TTS, options: ClauseTTSOptions): ClauseSettings {
  const { clause = true, trimSilence = true, frameMs = 20, stallMs } = options;
  const marginMs = trimSilence === true ? 10 : trimSilence === false ? undefined : trimSilence.marginMs;
  if (!(frameMs >= 1 && frameMs <= 20)) {
    throw new FirstwordError('bad_input', `frameMs is ${frameMs}; use 1 to 20.`);
  }
  if (marginMs !== undefined && !(marginMs >= 0)) {
    throw new FirstwordError('bad_input', `trimSilence.marginMs is ${marginMs}; use 0 or more.`);
  }
  // A StreamAdapter drops a sentence that fails, and goes on: its TTS is asked for each clause instead.
  const takesWhole = inner instanceof LocalTTS || (clause !== false && inner instanceof tts.StreamAdapter);
  const handOff = options.handOff ?? (inner.capabilities.streaming && !takesWhole ? 'stream' : 'request');
  if (handOff === 'stream' && !inner.capabilities.streaming) {
    throw new FirstwordError('bad_input', `${inner.label} does not stream; use handOff 'request'.`);
  }
  return { clause: clause === true ? {} : clause, marginMs, frameMs, handOff, stallMs };
}

/** Synthesizes one complete text. */
class WholeText extends tts.ChunkedStream {
  override label = 'firstword.ClauseTTS.synthesize';
  readonly #owner: ClauseTTS;
  readonly #conn: APIConnectOptions;

  constructor(owner: ClauseTTS, text: string, conn?: APIConnectOptions, signal?: AbortSignal) {
    super(text, owner, conn, signal);
    this.#owner = owner;
    this.#conn = conn ?? DEFAULT_API_CONNECT_OPTIONS;
  }

  protected override async run(): Promise<void> {
    const { sampleRate: rateHz, numChannels: channels, settings, wrapped } = this.#owner;
    const id = `firstword-${crypto.randomUUID()}`;
    const { marginMs, frameMs } = settings;
    const trimmer = marginMs === undefined ? undefined : new PauseTrimmer({ rateHz, channels, marginMs });
    const framer = new Framer(Math.round((rateHz * frameMs) / 1000) * channels);
    const put = (samples: Int16Array | undefined) => {
      if (!samples || this.queue.closed) return;
      const frame = new AudioFrame(samples, rateHz, channels, samples.length / channels);
      this.queue.put({ requestId: id, segmentId: id, frame, final: false });
    };
    const text = toSpeech(this.inputText);
    if (text === '') return;
    const request = wrapped.request(text, {
      conn: this.#conn,
      stallMs: settings.stallMs ?? this.#conn.timeoutMs,
    });
    this.abortSignal.addEventListener('abort', () => request.close(), { once: true });
    for await (const samples of request.audio()) {
      for (const frame of framer.push(trimmer ? trimmer.push(samples) : samples)) put(frame);
    }
    if (trimmer) for (const frame of framer.push(trimmer.end())) put(frame);
    put(framer.end());
  }
}
