import type { ChatEvent, ChatRequest } from './chat.js';
import type { RequestTrace } from './trace.js';

/**
 * One answer. It runs from the moment `chat()` returns, read or not, and can be read once.
 *
 * Reading rejects with a FirstwordError when the request fails, and with code `aborted` when its signal fires.
 * `cancel()`, or leaving a `for await` early, ends the stream quietly and destroys its socket at once.
 */
export interface ChatStream extends AsyncIterable<ChatEvent> {
  readonly trace: RequestTrace;
  cancel(): void;
}

export interface ChatOptions {
  signal?: AbortSignal;
  /**
   * Settles when somebody waits for the answer; left out, somebody does. Speculations begin before that, and many are
   * superseded: a router sends no second request for them because they are late.
   */
  awaited?: Promise<void>;
  /**
   * Since when the caller waits for it, such as the last word, by the clock of the models, ms; asked for once somebody
   * waits. A router hedges by how long the caller has waited, and not by how old the request is. Left out, or with
   * `undefined`: since the request.
   */
  waitingSinceMs?: () => number | undefined;
}

/** A model that answers. One endpoint, or a router over several: the caller cannot tell. */
export interface LanguageModel {
  readonly provider: string;
  readonly model: string;
  /** Starts a request. Never throws for anything the network or the provider does: reading the stream rejects. */
  chat(request: ChatRequest, options?: ChatOptions): ChatStream;
  /**
   * Opens connections ahead of the first request and keeps them open.
   * @throws FirstwordError `connect_failed` or `timeout` when the endpoint cannot be reached.
   */
  warm(options?: { signal?: AbortSignal }): Promise<void>;
  /** Cancels what is running and closes every socket. Idempotent. */
  close(): Promise<void>;
}
