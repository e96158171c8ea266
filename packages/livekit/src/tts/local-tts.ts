import { type Clock, systemClock, type TextToSpeech } from '@firstword/turn';
import { APIConnectionError, type APIConnectOptions, tokenize, tts } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { type TTSTrace, type TTSTraceListener, TTSTraceListeners } from './tts-trace.js';

/** Any Firstword text-to-speech as a LiveKit TTS, one sentence at a time. */
export class LocalTTS extends tts.TTS {
  override label = 'firstword.LocalTTS';
  readonly engine: TextToSpeech;
  readonly clock: Clock;
  readonly #watchers = new TTSTraceListeners();

  constructor(engine: TextToSpeech, options: { clock?: Clock } = {}) {
    super(engine.sampleRateHz, 1, { streaming: true });
    this.engine = engine;
    this.clock = options.clock ?? systemClock;
  }

  override get model(): string {
    return this.engine.model;
  }

  override get provider(): string {
    return this.engine.provider;
  }

  /**
   * Calls `watcher` when the first sentence of an answer is sent to the engine; later times are added to the same trace
   * object while the audio is made. Returns a stop function.
   */
  watch(watcher: TTSTraceListener): () => void {
    return this.#watchers.add(watcher);
  }

  /** Passes a trace to the listeners. @internal */
  report(trace: TTSTrace): void {
    this.#watchers.report(trace);
  }

  override synthesize(
    text: string,
    connOptions?: APIConnectOptions,
    signal?: AbortSignal,
  ): tts.ChunkedStream {
    return new LocalChunkedStream(this, text, connOptions, signal);
  }

  override stream(options?: { connOptions?: APIConnectOptions }): tts.SynthesizeStream {
    return new LocalSynthesizeStream(this, options?.connOptions);
  }
}

/** The engine's frames as LiveKit's, the last one marked final. */
async function* spoken(owner: LocalTTS, text: string, signal: AbortSignal): AsyncGenerator<AudioFrame> {
  try {
    for await (const samples of owner.engine.synthesize(text, { signal })) {
      // Copied: rtc-node 0.13.34 sends a frame from the start of its buffer, and an engine may return views of a buffer.
      yield new AudioFrame(samples.slice(), owner.engine.sampleRateHz, 1, samples.length);
    }
  } catch (error) {
    if (signal.aborted) return;
    const message = error instanceof Error ? error.message : String(error);
    throw new APIConnectionError({ message, options: { retryable: false } });
  }
}

class LocalSynthesizeStream extends tts.SynthesizeStream {
  override label = 'firstword.LocalSynthesizeStream';
  readonly #owner: LocalTTS;

  constructor(owner: LocalTTS, connOptions?: APIConnectOptions) {
    super(owner, connOptions);
    this.#owner = owner;
  }

  protected override async run(): Promise<void> {
    const sentences = new tokenize.basic.SentenceTokenizer().stream();
    const feeding = (async () => {
      for await (const text of this.input) {
        if (typeof text === 'symbol') sentences.flush();
        else sentences.pushText(text);
      }
      sentences.endInput();
    })();
    const id = `${this.#owner.provider}-${crypto.randomUUID()}`;
    let trace: TTSTrace | undefined;
    for await (const { token } of sentences) {
      if (this.abortController.signal.aborted) break;
      const readyMs = this.#owner.clock.nowMs();
      const first = trace === undefined;
      trace ??= { firstClauseMs: readyMs, requestedMs: readyMs };
      if (first) this.#owner.report(trace);
      this.markStarted();
      await this.#say(token, id, trace);
    }
    await feeding;
    if (!this.queue.closed) this.queue.put(tts.SynthesizeStream.END_OF_STREAM);
  }

  async #say(text: string, id: string, trace: TTSTrace): Promise<void> {
    let held: AudioFrame | undefined;
    const put = (frame: AudioFrame, final: boolean) =>
      this.queue.put({ requestId: id, segmentId: id, frame, final });
    for await (const frame of spoken(this.#owner, text, this.abortController.signal)) {
      trace.firstByteMs ??= this.#owner.clock.nowMs();
      if (this.queue.closed) return;
      if (held) put(held, false);
      held = frame;
    }
    if (held && !this.queue.closed) put(held, true);
  }
}

class LocalChunkedStream extends tts.ChunkedStream {
  override label = 'firstword.LocalChunkedStream';
  readonly #owner: LocalTTS;

  constructor(owner: LocalTTS, text: string, connOptions?: APIConnectOptions, signal?: AbortSignal) {
    super(text, owner, connOptions, signal);
    this.#owner = owner;
  }

  protected override async run(): Promise<void> {
    const id = `${this.#owner.provider}-${crypto.randomUUID()}`;
    for await (const frame of spoken(this.#owner, this.inputText, this.abortSignal)) {
      this.queue.put({ requestId: id, segmentId: id, frame, final: false });
    }
    this.queue.close();
  }
}
