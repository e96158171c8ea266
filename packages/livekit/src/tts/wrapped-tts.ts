import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '@firstword/turn';
import { APIConnectionError, type APIConnectOptions, APITimeoutError, tts } from '@livekit/agents';
import { containFailure } from '../internals/chunked-stream-task.js';
import { dropClosedConnections } from '../internals/tts-connections.js';
import { countTakenFlushes } from '../internals/tts-input.js';
import { warmConnection } from './warm-connection.js';

type InnerStream = tts.ChunkedStream | tts.SynthesizeStream;

/** How a request is made. */
export interface TTSRequestOptions {
  conn: APIConnectOptions;
  /** A TTS that owes audio and sends none for this long has failed, ms. */
  stallMs: number;
}

/** One request to the wrapped TTS. */
export interface TTSRequest {
  /** The audio as it arrives. Throws the TTS's error, or `APITimeoutError` if it stalled. */
  audio(): AsyncGenerator<Int16Array>;
  readonly closed: boolean;
  /** Clauses that the TTS had not read when it ended by itself: it will not speak them. Absent: it reads all of them. */
  readonly unread?: number;
  /** For a request opened by `stream`: sends a clause, to be synthesized at once. */
  push(text: string): void;
  /** For a request opened by `stream`: sends text that the TTS divides itself. */
  write(text: string): void;
  endInput(): void;
  /** Stops the request; `audio` ends. */
  close(): void;
}

interface State {
  /** The error of the TTS itself: the request has failed. */
  failure?: Error;
  /** The error of a TTS inside it, which it has passed on: it may have spoken all the same. */
  forwarded?: Error;
}

/** The async context in which a stream was opened. An adapter opens streams of the TTSs inside it in that of its own. */
interface RequestContext {
  owner: WrappedTTS;
  state: State;
  outer: RequestContext | undefined;
}

/**
 * One for all wrapped TTSs. Node never releases an AsyncLocalStorage that was used, and every promise of the process sets a
 * property for it: with one for each session, a process would become slower with every call.
 */
const contexts = new AsyncLocalStorage<RequestContext>();

/**
 * Makes requests to a wrapped TTS. LiveKit's streams never throw: a failure is an `error` event on the TTS and a stream that
 * ends early. The async context in which a stream was opened identifies which of several streams failed. Retries are left to
 * the caller of this class, which still has the text; the TTS's own stream has consumed it.
 */
export class WrappedTTS {
  readonly tts: tts.TTS;
  readonly #clock: Clock;
  readonly #onForwarded: (error: Error) => void;
  #isDetached = false;
  readonly #onError = ({ error, label }: { error: Error; label: string }) => {
    const state = this.#stateHere();
    if (!state) return;
    // A StreamAdapter goes on without the sentence that failed; other adapters may speak through another TTS.
    const isOwn = label === this.tts.label || this.tts instanceof tts.StreamAdapter;
    state[isOwn ? 'failure' : 'forwarded'] ??= error;
  };

  /** @param onForwarded called with an error that the TTS passes on from a TTS inside it; its request may still succeed */
  constructor(inner: tts.TTS, clock: Clock, onForwarded: (error: Error) => void = () => {}) {
    this.tts = inner;
    this.#clock = clock;
    this.#onForwarded = onForwarded;
    inner.on('error', this.#onError);
  }

  /** Requests the audio of one text. A `StreamAdapter` would drop a sentence that fails, and go on. */
  request(text: string, options: TTSRequestOptions): TTSRequest {
    if (this.tts.capabilities.streaming && !(this.tts instanceof tts.StreamAdapter)) {
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
  stream(options: TTSRequestOptions): TTSRequest {
    const connOptions = { ...options.conn, maxRetry: 0 };
    return this.#open(() => this.tts.stream({ connOptions }), options.stallMs);
  }

  /** Stops listening to the TTS's errors. Does not close the TTS. */
  detach(): void {
    this.#isDetached = true;
    this.tts.off('error', this.#onError);
  }

  /** Connects the TTS ahead of its next request, if it can. */
  warm(): void {
    if (!this.#isDetached) warmConnection(this.tts);
  }

  /** The state of the request of this TTS that the current code runs for. */
  #stateHere(): State | undefined {
    let context = contexts.getStore();
    while (context && context.owner !== this) context = context.outer;
    return context?.state;
  }

  /** The contexts of other TTSs in use. Without those of earlier requests, which would otherwise be kept in a chain. */
  static #otherContexts(own: WrappedTTS, context: RequestContext | undefined): RequestContext | undefined {
    if (!context) return undefined;
    const outer = WrappedTTS.#otherContexts(own, context.outer);
    return context.owner === own || context.owner.#isDetached ? outer : { ...context, outer };
  }

  #open(open: () => InnerStream, stallMs: number): WrappedTTSRequest {
    dropClosedConnections(this.tts);
    const state: State = {};
    const outer = WrappedTTS.#otherContexts(this, contexts.getStore());
    const stream = contexts.run({ owner: this, state, outer }, open);
    const onForwarded = this.#onForwarded;
    // The TTS closes the connection of a cancelled request in a promise of its own.
    const onCancelled = () => setImmediate(() => this.warm());
    return new WrappedTTSRequest({ stream, state, stallMs, clock: this.#clock, onForwarded, onCancelled });
  }
}

class WrappedTTSRequest implements TTSRequest {
  readonly #stream: InnerStream;
  readonly #takenFlushes: () => number;
  readonly #state: State;
  readonly #clock: Clock;
  readonly #stallMs: number;
  readonly #onForwarded: (error: Error) => void;
  readonly #onCancelled: () => void;
  #hasEnded = false;
  #cancelTimer: (() => void) | undefined;
  /** Clauses sent, and segments that the TTS has reported as ended. */
  #pushed = 0;
  #segmentsEnded = 0;
  /** Text was sent for which no audio has arrived. */
  #awaitsAudio = false;
  #listening = false;
  #inputEnded = false;
  #closed = false;

  constructor(options: {
    stream: InnerStream;
    state: State;
    stallMs: number;
    clock: Clock;
    onForwarded: (error: Error) => void;
    onCancelled: () => void;
  }) {
    this.#onForwarded = options.onForwarded;
    this.#onCancelled = options.onCancelled;
    this.#stream = options.stream;
    this.#state = options.state;
    this.#stallMs = options.stallMs;
    this.#clock = options.clock;
    this.#takenFlushes = countTakenFlushes(options.stream);
  }

  get unread(): number {
    const taken = this.#takenFlushes();
    // None: the TTS reads its input in some other way.
    return taken === 0 ? 0 : Math.max(0, this.#pushed - taken);
  }

  get closed(): boolean {
    return this.#closed;
  }

  push(text: string): void {
    if (this.#closed || !(this.#stream instanceof tts.SynthesizeStream)) return;
    this.#stream.pushText(`${text} `);
    this.#stream.flush();
    this.#pushed += 1;
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
    let hasAudio = false;
    if (this.#awaitsAudio) this.#startStallTimer();
    try {
      for await (const event of this.#stream) {
        if (event === tts.SynthesizeStream.END_OF_STREAM) {
          // Some TTSs report the end of each clause, others that of all text.
          this.#segmentsEnded += 1;
          if (this.#isLastSegment) break;
          continue;
        }
        // While more text may follow, no audio may only mean that all text so far has been synthesized.
        this.#awaitsAudio = this.#inputEnded;
        if (this.#awaitsAudio) this.#startStallTimer();
        else this.#stopStallTimer();
        hasAudio = true;
        yield event.frame.data;
      }
      this.#hasEnded = true;
      const { failure, forwarded } = this.#state;
      if (failure) throw failure;
      if (forwarded && !hasAudio) throw forwarded;
      if (forwarded) this.#onForwarded(forwarded);
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
    if (!this.#hasEnded) this.#onCancelled();
  }

  get #isLastSegment(): boolean {
    return this.#inputEnded && this.#segmentsEnded >= this.#pushed;
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
      // A TTS that has reported an end, and does not close its stream, has nothing more to say.
      if (this.#segmentsEnded > 0) return this.close();
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
