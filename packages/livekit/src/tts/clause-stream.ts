import { type Clause, ClauseCutter, toSpeech } from '@firstword/turn';
import {
  APIConnectionError,
  type APIConnectOptions,
  APIError,
  AsyncIterableQueue,
  tts,
} from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { currentSpeculation, type Speech } from '../llm/speech-context.js';
import { firstAudibleSample } from '../transport/speech-edges.js';
import { ClauseFeed, type SpokenClause } from './clause-feed.js';
import type { ClauseStreamOwner } from './clause-options.js';
import { Framer } from './framer.js';
import { join, PauseTrimmer } from './pause-trimmer.js';
import { Slots } from './slots.js';
import { SpeculativeLimit } from './speculative-limit.js';
import type { TTSTrace } from './tts-trace.js';
import { noAudio, type TTSRequest } from './wrapped-tts.js';

/** Most open requests of one answer: the clause being played, and the next. */
const MAX_REQUESTS = 2;
/** Longest pauses between clauses requested one by one, ms: after a sentence, and inside one. */
const PAUSE_MS = { sentence: 400, phrase: 150 } as const;

/** The first clause ends where its last sentence does if no word follows within this time, ms: a token takes 5 to 50. */
const NEXT_WORD_MS = 150;

/** So much silence at the beginning of an answer is no pause of the voice, ms: the TTS sends silence instead of speech. */
const LONGEST_SILENCE_MS = 2_000;

/** The audio of one clause: cached, or requested. */
type PendingAudio = { piece: SpokenClause; ready: Int16Array } | { piece: SpokenClause; request: TTSRequest };

/** A request for the first clause, made before the next word has confirmed that the clause ends there. */
interface ProvisionalRequest {
  text: string;
  atMs: number;
  request: TTSRequest;
}

/** One answer through a `ClauseTTS`. */
export class ClauseStream extends tts.SynthesizeStream {
  override label = 'firstword.ClauseStream';
  readonly #owner: ClauseStreamOwner;
  readonly #id = `firstword-${crypto.randomUUID()}`;
  readonly #feed = new ClauseFeed();
  readonly #trimmer: PauseTrimmer | undefined;
  readonly #framer: Framer;
  readonly #open = new Set<TTSRequest>();
  readonly #speculativeLimit: SpeculativeLimit | undefined;
  #reading: Promise<void> | undefined;
  #provisional: ProvisionalRequest | undefined;
  #trace: TTSTrace | undefined;
  /** Number of clauses whose audio is complete. */
  #finished = 0;
  /** Sound of an unfinished clause has been passed on: the clause cannot be requested again. */
  #midClause = false;
  /** Whether some of the answer's audio is audible. */
  #isAudible = false;
  /** Silence received before the first audible sample, ms. */
  #silentMs = 0;
  /** How often the answer was begun. */
  #attempts = 0;
  /** When this attempt sent its first words to the TTS, clock. */
  #requestedMs: number | undefined;
  /** Number of filler clauses said before the answer. */
  #fillerClauses = 0;

  constructor(owner: ClauseStreamOwner, connOptions?: APIConnectOptions) {
    super(owner, connOptions);
    this.#owner = owner;
    const { sampleRate: rateHz, numChannels: channels, settings } = owner;
    if (settings.marginMs !== undefined) {
      this.#trimmer = new PauseTrimmer({ rateHz, channels, marginMs: settings.marginMs });
    }
    this.#framer = new Framer(Math.round((rateHz * settings.frameMs) / 1000) * channels);
    const speculation = currentSpeculation();
    if (speculation) {
      const { committed } = speculation;
      this.#speculativeLimit = new SpeculativeLimit({
        committed,
        signal: this.abortSignal,
        clock: owner.clock,
      });
      void committed.then(() => owner.clearSpeculative());
      void this.#closeIfCancelled(speculation);
    } else owner.clearSpeculative();
    this.abortSignal.addEventListener('abort', () => this.#closeRequests(), { once: true });
  }

  /**
   * Ends the stream when its speculation is cancelled before the commit. LiveKit notices that only at the next frame, and what
   * follows the first clauses waits for the commit: it would wait 2 s, also when the session closes.
   */
  async #closeIfCancelled({ committed, handle }: Speech): Promise<void> {
    let isCommitted = false;
    const commit = committed.then(() => {
      isCommitted = true;
    });
    await handle.waitIfNotInterrupted([commit]);
    if (!isCommitted) this.close();
  }

  protected override async run(): Promise<void> {
    if (this.abortSignal.aborted) return;
    this.#reading ??= this.#read();
    this.#attempts += 1;
    this.#requestedMs = undefined;
    this.#silentMs = 0;
    try {
      if (this.#owner.settings.handOff === 'stream') await this.#throughOneStream();
      else await this.#clauseByClause();
      if (this.abortSignal.aborted) return;
      if (this.#isSilent) throw noAudio(this.#trace?.firstByteMs === undefined ? 'no audio' : 'only silence');
    } catch (error) {
      if (this.abortSignal.aborted) return;
      if (this.#isSilent) this.#finished = this.#fillerClauses;
      throw this.#failure(error);
    } finally {
      this.#closeRequests();
    }
    this.#finish();
  }

  /** Cuts the answer's text into clauses as it arrives. */
  async #read(): Promise<void> {
    const { clause, handOff } = this.#owner.settings;
    const cutter = clause || handOff === 'request' ? new ClauseCutter(clause || undefined) : undefined;
    const add = (clauses: Clause[]) => {
      for (const { text, kind } of clauses) this.#add(toSpeech(text), kind);
    };
    for await (const text of this.#texts(cutter, add)) {
      const filler = typeof text === 'string' ? this.#owner.takeFiller(text) : undefined;
      if (filler) this.#addFiller(filler);
      else if (!cutter) typeof text === 'string' && this.#add(text, 'sentence');
      else {
        add(typeof text === 'string' ? cutter.push(text) : cutter.end());
        if (handOff === 'request' && !this.#feed.started) this.#startProvisional(cutter.provisionalClause);
      }
    }
    if (cutter) add(cutter.end());
    this.#feed.end();
  }

  /**
   * The text as it arrives. Words before a tool call end with a stop, and then nothing follows while the call is streamed: they are
   * spoken at once, not when the call is complete.
   */
  async *#texts(cutter: ClauseCutter | undefined, add: (clauses: Clause[]) => void) {
    const input = this.input[Symbol.asyncIterator]();
    for (;;) {
      const next = input.next();
      if (cutter?.provisionalClause && (await this.#isLate(next))) {
        const clause = cutter.takeProvisional();
        if (clause) add([clause]);
      }
      const { done, value } = await next;
      if (done) return;
      yield value;
    }
  }

  #isLate(next: Promise<unknown>): Promise<boolean> {
    return new Promise((resolve) => {
      const cancel = this.#owner.clock.schedule(NEXT_WORD_MS, () => resolve(true));
      const inTime = () => {
        cancel();
        resolve(false);
      };
      next.then(inTime, inTime);
    });
  }

  #add(text: string, kind: Clause['kind']): void {
    if (text !== '') this.#feed.add({ text, kind, readyMs: this.#owner.clock.nowMs() });
  }

  /**
   * Requests the first clause while waiting for the word after it. Gains 12 ms at 80 tokens a second, more if a provider
   * sends several tokens at a time. Only for clause-by-clause requests: words sent to a stream cannot be withdrawn.
   */
  #startProvisional(clause: Clause | undefined): void {
    const text = clause ? toSpeech(clause.text) : '';
    if (this.abortSignal.aborted || text === this.#provisional?.text) return;
    this.#provisional?.request.close();
    this.#provisional = undefined;
    if (text === '' || this.#owner.hasAudioFor(text)) return;
    const request = this.#track(this.#owner.wrapped.request(text, this.#requestOptions()));
    this.#provisional = { text, atMs: this.#owner.clock.nowMs(), request };
  }

  /** The provisional request, if it was for this clause. */
  #takeProvisional(text: string): ProvisionalRequest | undefined {
    const foreseen = this.#provisional;
    this.#provisional = undefined;
    if (foreseen?.text === text && !foreseen.request.closed) return foreseen;
    foreseen?.request.close();
    return undefined;
  }

  #addFiller(clauses: string[]): void {
    const readyMs = this.#owner.clock.nowMs();
    for (const text of clauses) this.#feed.add({ text, kind: 'sentence', readyMs, isFiller: true });
  }

  /** Sends all clauses through one stream of the TTS: the intonation continues from clause to clause. */
  async #throughOneStream(): Promise<void> {
    const request = this.#track(this.#owner.wrapped.stream(this.#requestOptions()));
    const feeding = this.#feedStream(request);
    for await (const samples of request.audio()) this.#emit(samples);
    await feeding;
  }

  async #feedStream(request: TTSRequest): Promise<void> {
    const isWhole = this.#owner.settings.clause !== false;
    let isLive = false;
    for await (const piece of this.#feed.from(this.#finished)) {
      await this.#speculativeLimit?.pass(piece);
      const ready = isLive || !isWhole ? undefined : await this.#owner.cachedAudio(piece.text);
      if (request.closed) return;
      this.#noteHandedOver(piece, undefined, ready !== undefined);
      if (ready) {
        this.#emit(ready, piece);
        this.#finishClause(piece);
        continue;
      }
      isLive = true;
      if (isWhole) request.push(piece.text);
      else request.write(piece.text);
    }
    if (isLive) request.endInput();
    else request.close();
  }

  /** Makes a request for each clause, the next while the last is still arriving. */
  async #clauseByClause(): Promise<void> {
    const started = new AsyncIterableQueue<PendingAudio>();
    const slots = new Slots(MAX_REQUESTS);
    const starting = this.#startRequests(started, slots);
    try {
      for await (const speaking of started) {
        if (this.abortSignal.aborted) return;
        if (this.#trimmer) this.#trimmer.maxPauseMs = PAUSE_MS[speaking.piece.kind];
        if ('ready' in speaking) this.#emit(speaking.ready, speaking.piece);
        else await this.#speak(speaking.piece, speaking.request);
        this.#finishClause(speaking.piece);
        slots.leave();
      }
    } finally {
      slots.close();
    }
    await starting;
  }

  /** Audio made before the commit is kept for the next speculation, which often begins with the same words. */
  async #speak({ text }: SpokenClause, request: TTSRequest): Promise<void> {
    const parts: Int16Array[] = [];
    for await (const samples of request.audio()) {
      this.#emit(samples);
      parts.push(samples);
    }
    if (this.#speculativeLimit && !this.#speculativeLimit.isOver && this.#midClause)
      this.#owner.keepForCommit(text, join(parts));
  }

  async #startRequests(started: AsyncIterableQueue<PendingAudio>, slots: Slots): Promise<void> {
    try {
      for await (const piece of this.#feed.from(this.#finished)) {
        if (!(await slots.enter())) return;
        await this.#speculativeLimit?.pass(piece);
        const ready = await this.#owner.cachedAudio(piece.text);
        if (slots.closed || this.abortSignal.aborted) return;
        const foreseen = this.#takeProvisional(piece.text);
        this.#noteHandedOver(piece, foreseen?.atMs, ready !== undefined);
        const say = () => this.#track(this.#owner.wrapped.request(piece.text, this.#requestOptions()));
        started.put(ready ? { piece, ready } : { piece, request: foreseen?.request ?? say() });
      }
    } finally {
      started.close();
    }
  }

  #requestOptions() {
    const conn = this.connOptions;
    return { conn, stallMs: this.#owner.stallMs(conn, this.#attempts) };
  }

  #track(request: TTSRequest): TTSRequest {
    this.#open.add(request);
    if (this.abortSignal.aborted) request.close();
    return request;
  }

  #closeRequests(): void {
    for (const request of this.#open) request.close();
    this.#open.clear();
  }

  /**
   * @param askedMs when a provisional request for the clause was made, if there was one
   * @param isCached the audio is in the cache
   */
  #noteHandedOver({ readyMs, isFiller }: SpokenClause, askedMs: number | undefined, isCached: boolean): void {
    this.markStarted();
    const nowMs = this.#owner.clock.nowMs();
    if (!isCached) this.#requestedMs ??= nowMs;
    const isNew = this.#trace === undefined;
    this.#trace ??= isFiller ? { filler: { atMs: nowMs, durationMs: 0 } } : {};
    if (!isFiller && this.#trace.firstClauseMs === undefined) {
      this.#trace.firstClauseMs = askedMs ?? readyMs;
      this.#trace.requestedMs = askedMs ?? nowMs;
      if (isCached) this.#trace.isCached = true;
    }
    if (isNew) this.#owner.report(this.#trace);
  }

  /** Whether the answer has words, but no audible sound. */
  get #isSilent(): boolean {
    return this.#trace?.firstClauseMs !== undefined && !this.#isAudible;
  }

  /** @param piece the clause, if its audio was cached */
  #emit(samples: Int16Array, piece?: SpokenClause): void {
    const audio = this.#trimmer ? this.#trimmer.push(samples) : samples;
    const trace = this.#trace;
    if (!this.#midClause) this.#midClause = firstAudibleSample(audio, this.#owner.sampleRate) >= 0;
    if (trace?.filler && piece?.isFiller) trace.filler.durationMs += this.#owner.durationMs(audio);
    else {
      if (piece === undefined) this.#noteRequested(samples);
      this.#isAudible ||= this.#midClause;
      if (trace) trace.firstByteMs ??= this.#owner.clock.nowMs();
    }
    this.#put(audio);
    if (trace && this.#trimmer) trace.trimmedMs = this.#trimmer.leadingMs;
  }

  /** Audio of a request, not of the cache. @throws if it has been silence for too long */
  #noteRequested(samples: Int16Array): void {
    if (this.#isAudible) return;
    if (this.#silentMs === 0 && this.#requestedMs !== undefined)
      this.#owner.noteFirstAudio(this.#owner.clock.nowMs() - this.#requestedMs);
    if (this.#midClause) return;
    this.#silentMs += this.#owner.durationMs(samples);
    if (this.#silentMs > LONGEST_SILENCE_MS) throw noAudio('only silence');
  }

  #finishClause(piece: SpokenClause): void {
    this.#midClause = false;
    this.#finished += 1;
    if (piece.isFiller) this.#fillerClauses += 1;
  }

  #put(samples: Int16Array): void {
    for (const frame of this.#framer.push(samples)) this.#putFrame(frame, false);
  }

  #putFrame(samples: Int16Array, final: boolean): void {
    if (this.queue.closed) return;
    const { sampleRate, numChannels } = this.#owner;
    const frame = new AudioFrame(samples, sampleRate, numChannels, samples.length / numChannels);
    this.queue.put({ requestId: this.#id, segmentId: this.#id, frame, final });
  }

  #finish(): void {
    if (this.#trimmer) this.#put(this.#trimmer.end());
    const last = this.#framer.end();
    if (last) this.#putFrame(last, true);
    if (!this.queue.closed) this.queue.put(tts.SynthesizeStream.END_OF_STREAM);
  }

  /** LiveKit retries the stream if an error is retryable. It must not once part of a clause has been played. */
  #failure(error: unknown): unknown {
    if (!(error instanceof APIError) || !error.retryable || !this.#midClause) return error;
    return new APIConnectionError({
      message: `The TTS failed in the middle of an answer: ${error.message}`,
      options: { retryable: false },
    });
  }
}
