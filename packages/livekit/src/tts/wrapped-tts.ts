import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '@firstword/turn';
import { APIConnectionError, type APIConnectOptions, APITimeoutError, tts } from '@livekit/agents';
import { containFailure } from '../internals/chunked-stream-task.js';

type InnerStream = tts.ChunkedStream | tts.SynthesizeStream;

/** One request to the wrapped TTS. */
export interface TTSRequest {
  /** The audio as it arrives. Throws the TTS's error, or `APITimeoutError` if it stalled. */
  audio(): AsyncGenerator<Int16Array>;
  readonly closed: boolean;
  /** For a request opened by `stream`: sends a clause, to be synthesized at once. */
  push(text: string): void;
  /** For a request opened by `stream`: sends text that the TTS divides itself. */
  write(text: string): void;
  endInput(): void;
  /** Stops the request; `audio` ends. */
  close(): void;
}

interface State {
  failure?: Error;
}

/**
 * Makes requests to a wrapped TTS. LiveKit's streams never throw: a failure is an `error` event on the TTS and a stream that
 * ends early. The async context in which a stream was opened tells which of several streams failed. Retries are left to
 * the caller of this class, which still has the text; the TTS's own stream has consumed it.
 */
export class WrappedTTS {
  readonly tts: tts.TTS;
  readonly #clock: Clock;
  readonly #context = new AsyncLocalStorage<State>();
  readonly #onError = ({ error }: { error: Error }) => {
    const state = this.#context.getStore();
    if (state) state.failure ??= error;
  };

  constructor(inner: tts.TTS, clock: Clock) {
    this.tts = inner;
    this.#clock = clock;
    inner.on('error', this.#onError);
  }

  /** Requests the audio of one text. */
  request(text: string, options: { conn: APIConnectOptions; stallMs: number }): TTSRequest {
    if (this.tts.capabilities.streaming) {
      const request = this.stream(options);
      request.push(text);
      request.endInput();
      return request;
    }
    const conn = { ...options.conn, maxRetry: 0 };
    const request = this.#open(() => containFailure(this.tts.synthesize(text, conn)), options.stallMs);
    request.endInput();
    return request;
  }

  /** Opens a stream that takes clauses one by one. Each is flushed, so that the TTS does not wait for more text. */
  stream(options: { conn: APIConnectOptions; stallMs: number }): TTSRequest {
    const connOptions = { ...options.conn, maxRetry: 0 };
    return this.#open(() => this.tts.stream({ connOptions }), options.stallMs);
  }

  /** Stops listening to the TTS's errors. Does not close the TTS. */
  detach(): void {
    this.tts.off('error', this.#onError);
  }

  #open(open: () => InnerStream, stallMs: number): WrappedTTSRequest {
    const state: State = {};
    const stream = this.#context.run(state, open);
    return new WrappedTTSRequest({ stream, state, stallMs, clock: this.#clock });
  }
}

class WrappedTTSRequest implements TTSRequest {
  readonly #stream: InnerStream;
  readonly #state: State;
  readonly #clock: Clock;
  readonly #stallMs: number;
  #cancelTimer: (() => void) | undefined;
  /** Text was sent for which no audio has arrived. */
  #awaitsAudio = false;
  #listening = false;
  #inputEnded = false;
  #closed = false;

  constructor(options: { stream: InnerStream; state: State; stallMs: number; clock: Clock }) {
    this.#stream = options.stream;
    this.#state = options.state;
    this.#stallMs = options.stallMs;
    this.#clock = options.clock;
  }

  get closed(): boolean {
    return this.#closed;
  }

  push(text: string): void {
    if (this.#closed || !(this.#stream instanceof tts.SynthesizeStream)) return;
    this.#stream.pushText(`${text} `);
    this.#stream.flush();
    this.#expectAudio();
  }

  write(text: string): void {
    if (this.#closed || !(this.#stream instanceof tts.SynthesizeStream)) return;
    this.#stream.pushText(text);
  }

  endInput(): void {
    if (this.#closed) return;
    this.#inputEnded = true;
    if (this.#stream instanceof tts.SynthesizeStream) this.#stream.endInput();
    this.#expectAudio();
  }

  async *audio(): AsyncGenerator<Int16Array> {
    this.#listening = true;
    if (this.#awaitsAudio) this.#startStallTimer();
    try {
      for await (const event of this.#stream) {
        if (event === tts.SynthesizeStream.END_OF_STREAM) break;
        // While more text may follow, no audio may only mean that all text so far has been synthesized.
        this.#awaitsAudio = this.#inputEnded;
        if (this.#awaitsAudio) this.#startStallTimer();
        else this.#stopStallTimer();
        yield event.frame.data;
      }
      if (this.#state.failure) throw this.#state.failure;
    } finally {
      this.close();
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopStallTimer();
    try {
      this.#stream.close();
    } catch {
      // The request is over; an error in closing it has no consequence.
    }
  }

  #expectAudio(): void {
    this.#awaitsAudio = true;
    // Nobody reads this request's audio yet, so it cannot be late.
    if (this.#listening && !this.#cancelTimer) this.#startStallTimer();
  }

  #startStallTimer(): void {
    this.#stopStallTimer();
    if (this.#closed) return;
    this.#cancelTimer = this.#clock.schedule(this.#stallMs, () => {
      this.#state.failure ??= new APITimeoutError({
        message: `The TTS sent no audio for ${this.#stallMs} ms. Check its service, or raise stallMs.`,
      });
      this.close();
    });
  }

  #stopStallTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }
}

/** The error of a TTS that was given words and returned no audible sound. */
export function noAudio(got: 'no audio' | 'only silence'): APIConnectionError {
  return new APIConnectionError({
    message: `The TTS returned ${got} for an answer. Check that it supports the language of the text.`,
  });
}
