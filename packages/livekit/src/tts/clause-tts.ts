import {
  ClauseCutter,
  type ClauseOptions,
  type Clock,
  FirstwordError,
  systemClock,
  toSpeech,
} from '@firstword/turn';
import { type APIConnectOptions, DEFAULT_API_CONNECT_OPTIONS, tts } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { containFailure } from '../internals/chunked-stream-task.js';
import { firstAudibleSample } from '../transport/speech-edges.js';
import type { BridgeOptions } from './bridge.js';
import { ClauseStream } from './clause-stream.js';
import { Framer } from './framer.js';
import { InnerVoice, noAudio } from './inner-voice.js';
import { LocalTTS } from './local-tts.js';
import { join, PauseTrimmer } from './pause-trimmer.js';
import type { PhraseCache, PhraseKey } from './phrase-cache.js';
import { type VoiceTrace, type VoiceWatcher, VoiceWatchers } from './voice-trace.js';

export interface ClauseTTSOptions {
  /** Hand text over clause by clause (default); false leaves the cutting to the voice. */
  clause?: boolean | ClauseOptions;
  /** Cut the silence at the beginning of an answer, keeping this much of it. Default on, 10 ms. */
  trimSilence?: boolean | { marginMs: number };
  /** Longest frame, ms, 1 to 20. Default 20. */
  frameMs?: number;
  /**
   * How clauses reach the voice. `stream` sends them through one stream, flushing after each, and keeps the voice's
   * intonation from clause to clause; `request` makes a request for each, the next while the last comes in, and cuts
   * the silence between them. Default `stream` where the voice streams, `request` for local voices and the others.
   */
  handOff?: 'stream' | 'request';
  /** A voice that owes audio and sends none for this long has failed, ms. Default: the session's TTS `timeoutMs`. */
  stallMs?: number;
  /** Phrases whose audio is kept on disk: greetings, confirmations. Fill it with `warm()`. They need `clause`. */
  phrases?: {
    cache: PhraseCache;
    texts: readonly string[];
    /** Name of the voice, and of whatever else changes its sound: part of the cache's key. */
    voice: string;
  };
  /** Phrases said where an answer is late. They need `clause`, `warm()` and `attachLowLatency`. */
  bridge?: BridgeOptions;
  clock?: Clock;
}

/** Clauses kept of superseded speculations; one is mostly one to three seconds of speech, 50 to 150 kB. */
const MOST_AHEAD = 8;

/** @internal What a stream needs to know of the options. */
interface Settings {
  clause: ClauseOptions | false;
  marginMs: number | undefined;
  frameMs: number;
  handOff: 'stream' | 'request';
  stallMs: number | undefined;
}

/**
 * Any LiveKit text-to-speech, speaking sooner: the first clause of an answer goes out as soon as it can be spoken, the
 * silence in front of it is cut, and frames are short. Markdown is not spoken. It takes the wrapped voice over: closing
 * it closes the voice. Failures are told as LiveKit expects, by this object's `error` event; a failure before any audio
 * of a clause is tried again as often as the session allows, one in the middle of a clause is not. Word timings
 * and markup ("expressive") of the wrapped voice are not passed on.
 */
export class ClauseTTS extends tts.TTS {
  override label: string;
  readonly clock: Clock;
  /** @internal */
  readonly inner: InnerVoice;
  /** @internal */
  readonly settings: Settings;
  /** Phrases said where an answer is late. */
  readonly bridge: BridgeOptions | undefined;
  readonly #phrases: ClauseTTSOptions['phrases'];
  /** Clauses whose audio is kept, and that audio once it is there. */
  readonly #kept = new Map<string, Int16Array | undefined>();
  /** Clauses that were made for the turn that is not committed yet. */
  readonly #ahead = new Map<string, Int16Array>();
  #announced: string | undefined;
  readonly #watchers = new VoiceWatchers();

  /** @throws FirstwordError `bad_input` where a number is out of its range. */
  constructor(inner: tts.TTS, options: ClauseTTSOptions = {}) {
    super(inner.sampleRate, inner.numChannels, { streaming: true });
    this.label = `firstword.ClauseTTS<${inner.label}>`;
    this.clock = options.clock ?? systemClock;
    this.inner = new InnerVoice(inner, this.clock);
    this.settings = settingsOf(inner, options);
    this.#phrases = options.phrases;
    this.bridge = options.bridge;
    const texts = [...(options.phrases?.texts ?? []), ...(options.bridge?.phrases ?? [])];
    for (const text of texts) for (const clause of this.#clausesOf(text)) this.#kept.set(clause, undefined);
  }

  override get model(): string {
    return this.inner.tts.model;
  }

  override get provider(): string {
    return this.inner.tts.provider;
  }

  /** Called as each answer's first clause is handed over; the trace fills in as it goes. Returns how to stop. */
  watch(watcher: VoiceWatcher): () => void {
    return this.#watchers.add(watcher);
  }

  /** @internal */
  tell(trace: VoiceTrace): void {
    this.#watchers.tell(trace);
  }

  /** Audio kept for a clause. @internal */
  async phrase(text: string): Promise<Int16Array | undefined> {
    const ahead = this.#ahead.get(text);
    if (ahead) return ahead;
    if (!this.#kept.has(text)) return undefined;
    const kept = this.#kept.get(text);
    if (kept) return kept;
    const onDisk = await this.#phrases?.cache.get(this.#keyOf(text));
    return onDisk && this.#isAudible(onDisk) ? onDisk : undefined;
  }

  /** Whether a clause's audio is kept, or will be. @internal */
  keeps(text: string): boolean {
    return this.#ahead.has(text) || this.#kept.has(text);
  }

  #isAudible(samples: Int16Array): boolean {
    return firstAudibleSample(samples, this.sampleRate) >= 0;
  }

  /** Keeps a clause's audio until the turn is committed. @internal */
  keepAhead(text: string, samples: Int16Array): void {
    this.#ahead.set(text, samples);
    for (const oldest of this.#ahead.keys()) if (this.#ahead.size > MOST_AHEAD) this.#ahead.delete(oldest);
  }

  /** The turn has been committed. @internal */
  forgetAhead(): void {
    this.#ahead.clear();
  }

  /** Whether a phrase's audio is at hand. @internal */
  isReady(phrase: string): boolean {
    const clauses = this.#clausesOf(phrase);
    return clauses.length > 0 && clauses.every((clause) => this.#kept.get(clause) !== undefined);
  }

  /** The next text that is exactly this is a bridge, not an answer's. @internal */
  announceBridge(text: string): void {
    this.#announced = text;
  }

  /** The clauses of the bridge that was announced, where this is it. @internal */
  takeBridge(text: string): string[] | undefined {
    if (this.#announced !== text) return undefined;
    this.#announced = undefined;
    return this.#clausesOf(text);
  }

  /** How long samples of this voice take, ms. @internal */
  durationMs(samples: Int16Array): number {
    return (samples.length / this.numChannels / this.sampleRate) * 1000;
  }

  /**
   * Gets the audio of the phrases, from disk where it is there. Call it before the first call comes in; answers work
   * without. A phrase that fails keeps none of the others back.
   *
   * @throws what the voice failed with first.
   */
  async warm(options: { signal?: AbortSignal } = {}): Promise<void> {
    const failures: unknown[] = [];
    for (const text of this.#kept.keys()) {
      options.signal?.throwIfAborted();
      try {
        this.#kept.set(text, (await this.phrase(text)) ?? (await this.#make(text, options)));
      } catch (failure) {
        failures.push(failure);
      }
    }
    options.signal?.throwIfAborted();
    if (failures.length > 0) throw failures[0];
  }

  /** Has a phrase spoken, and keeps it. */
  async #make(text: string, options: { signal?: AbortSignal }): Promise<Int16Array> {
    const conn = DEFAULT_API_CONNECT_OPTIONS;
    const request = this.inner.say(text, { conn, stallMs: this.settings.stallMs ?? conn.timeoutMs });
    const stop = () => request.close();
    options.signal?.addEventListener('abort', stop, { once: true });
    try {
      const parts: Int16Array[] = [];
      for await (const more of request.audio()) parts.push(more);
      options.signal?.throwIfAborted();
      const samples = join(parts);
      // Kept, silence would be all that is ever heard of the phrase.
      if (!this.#isAudible(samples)) throw noAudio(samples.length === 0 ? 'no audio' : 'only silence');
      // The audio is good, whether or not the disk takes it.
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

  /** Lets the wrapped voice connect ahead, where it can; LiveKit calls it at a hand-off. */
  prewarm(): void {
    const inner: tts.TTS & { prewarm?: () => void } = this.inner.tts;
    inner.prewarm?.();
  }

  override async close(): Promise<void> {
    try {
      await this.inner.tts.close();
    } finally {
      this.inner.detach();
    }
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

function settingsOf(inner: tts.TTS, options: ClauseTTSOptions): Settings {
  const { clause = true, trimSilence = true, frameMs = 20, stallMs } = options;
  const marginMs = trimSilence === true ? 10 : trimSilence === false ? undefined : trimSilence.marginMs;
  if (!(frameMs >= 1 && frameMs <= 20)) {
    throw new FirstwordError('bad_input', `frameMs is ${frameMs}; use 1 to 20.`);
  }
  if (marginMs !== undefined && !(marginMs >= 0)) {
    throw new FirstwordError('bad_input', `trimSilence.marginMs is ${marginMs}; use 0 or more.`);
  }
  const isLocal = inner instanceof LocalTTS;
  const handOff = options.handOff ?? (inner.capabilities.streaming && !isLocal ? 'stream' : 'request');
  if (handOff === 'stream' && !inner.capabilities.streaming) {
    throw new FirstwordError('bad_input', `${inner.label} does not stream; use handOff 'request'.`);
  }
  return { clause: clause === true ? {} : clause, marginMs, frameMs, handOff, stallMs };
}

/** One text, all of it known. */
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
    const { sampleRate: rateHz, numChannels: channels, settings, inner } = this.#owner;
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
    const request = inner.say(text, { conn: this.#conn, stallMs: settings.stallMs ?? this.#conn.timeoutMs });
    this.abortSignal.addEventListener('abort', () => request.close(), { once: true });
    for await (const samples of request.audio()) {
      for (const frame of framer.push(trimmer ? trimmer.push(samples) : samples)) put(frame);
    }
    if (trimmer) for (const frame of framer.push(trimmer.end())) put(frame);
    put(framer.end());
  }
}
