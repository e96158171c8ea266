import type { ChatEvent, ChatRequest } from './chat.js';
import type { RequestTrace } from './trace.js';

/**
 * One answer. The request is sent when `chat()` is called, whether or not the stream is read. It can be read once.
 *
 * Reading rejects with a FirstwordError when the request fails, and with code `aborted` when the signal fires.
 * `cancel()`, or leaving a `for await` loop early, ends the stream without an error and destroys its socket at once.
 */
export interface ChatStream extends AsyncIterable<ChatEvent> {
  /** What has been measured so far; it fills in while the stream runs. */
  readonly trace: RequestTrace;
  /** Ends the stream without an error and destroys its socket at once. */
  cancel(): void;
}

/** Options of one `chat()` call. */
export interface ChatOptions {
  /** Aborts the request; reading then rejects with code `aborted`. */
  signal?: AbortSignal;
  /**
   * Settles once a caller is waiting for the answer, for example when the turn is committed. Left out: a caller is
   * waiting from the start. Speculations start earlier and are often superseded, so a router does not hedge them
   * before this settles.
   */
  awaited?: Promise<void>;
  /**
   * Returns when the caller started to wait, such as the end of the last word, on the models' clock, ms. Read once,
   * when `awaited` has settled. A router bases the hedge delay on this time rather than on the age of the request.
   * Default, or when it returns `undefined`: when the request was sent.
   */
  waitingSinceMs?: () => number | undefined;
  /** `RouterOptions.holdUntilClause` for this answer only. Default: the router's. */
  holdUntilClause?: boolean;
  /**
   * Whether a failure may be reported late, to find out what would help: for a model name that the provider refuses,
   * similar names, up to 1.5 s. Default true. A router passes false, because its next model would have to wait.
   */
  explainErrors?: boolean;
}

/** A model that answers chat requests: one endpoint, or a router over several. Callers use both the same way. */
export interface LanguageModel {
  /** The provider's name in traces and errors; `router` for a router. */
  readonly provider: string;
  /** The provider's name of the model; for a router, the names of all its models. */
  readonly model: string;
  /**
   * Where it is, such as `127.0.0.1:8000/v1`, if that is not the provider's own address: what routers tell each other about
   * its speed and its failures holds for this address only. Never contains a key.
   */
  readonly address?: string | undefined;
  /**
   * Tells accounts with one provider apart, without the key: what routers tell each other about rate limits holds for this
   * account only.
   */
  readonly account?: string | undefined;
  /**
   * Starts a request. Never throws because of the network or the provider: those errors reject the reading of the
   * stream.
   */
  chat(request: ChatRequest, options?: ChatOptions): ChatStream;
  /**
   * Opens connections before the first request and keeps them open.
   * @throws FirstwordError `connect_failed` or `timeout` when the endpoint cannot be reached
   */
  warm(options?: { signal?: AbortSignal }): Promise<void>;
  /** Cancels all running requests and closes every socket. Can be called more than once. */
  close(): Promise<void>;
}
