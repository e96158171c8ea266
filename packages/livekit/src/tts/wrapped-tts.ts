import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '@firstword/turn';
import { APIConnectionError, type APIConnectOptions, APITimeoutError, tts } from '@livekit/agents';
import { containFailure } from '../internals/chunked-stream-task.js';

type InnerStream = tts.ChunkedStream | tts.SynthesizeStream;

/** One request to the wrapped voice. */
export interface TTSRequest {
  /** The audio as it comes. Throws what the voice failed with, or `APITimeoutError` where it stalled. */
  audio(): AsyncGenerator<Int16Array>;
  readonly closed: boolean;
  /** Where the request takes text as it goes (`stream`): a clause, to be spoken at once. */
  push(text: string): void;
  /** Text as it comes; the voice cuts it as it likes. */
  write(text: string): void;
  endInput(): void;
  /** Stops the request; `audio` ends. */
  close(): void;
}

interface State {
  failure?: Error;
}

/**
 * Makes requests of a wrapped voice. LiveKit's streams never throw: a failure is an `error` event on the voice and a
 * stream that ends early. Which of several streams failed is told by the async context that it was opened in. Retries
 * are left to the wrapper, which still has the text; the voice's own stream would have used it up.
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

  /** Asks for one text. */
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

  /** Opens a stream that takes clauses as they come; each is flushed, so that the voice does not wait for more. */
  stream(options: { conn: APIConnectOptions; stallMs: number }): TTSRequest {
    const connOptions = { ...options.conn, maxRetry: 0 };
    return this.#open(() => this.tts.stream({ connOptions }), options.stallMs);
  }

  /** Stops listening to the voice; it is not closed. */
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
  /** Text has been given for which no audio has come. */
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
        // While more text may come, silence from the voice may only mean that it has said all it was given.
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
      // Nothing more is wanted of it, whatever it says.
    }
  }

  #expectAudio(): void {
    this.#awaitsAudio = true;
    // A request whose turn has not come is not late.
    if (this.#listening && !this.#cancelTimer) this.#startStallTimer();
  }

  #startStallTimer(): void {
    this.#stopStallTimer();
    if (this.#closed) return;
    this.#cancelTimer = this.#clock.schedule(this.#stallMs, () => {
      this.#state.failure ??= new APITimeoutError({
        message: `The voice sent no audio for ${this.#stallMs} ms. Check its service, or raise stallMs.`,
      });
      this.close();
    });
  }

  #stopStallTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }
}

/** The failure of a voice that was given words and made nothing of them that can be heard. */
export function noAudio(got: 'no audio' | 'only silence'): APIConnectionError {
  return new APIConnectionError({
    message: `The voice returned ${got} for an answer. Check that it speaks the language of the text.`,
  });
}
