import type { RequestTrace } from './trace.js';

export type ContentPart = { type: 'text'; text: string } | { type: 'image'; url: string };

export interface ToolCall {
  id: string;
  name: string;
  /** JSON text, already checked to parse. */
  arguments: string;
}

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant' | 'tool';
  content: string | ContentPart[];
  /** Assistant messages: the tools it asked for. */
  toolCalls?: ToolCall[];
  /** Tool messages: the call this answers. */
  toolCallId?: string;
  name?: string;
}

export interface ToolDefinition {
  name: string;
  description?: string;
  /** JSON Schema of the arguments. */
  parameters: object;
}

export type ToolChoice = 'auto' | 'none' | 'required' | { name: string };

export interface ChatRequest {
  messages: ChatMessage[];
  tools?: ToolDefinition[];
  toolChoice?: ToolChoice;
  parallelToolCalls?: boolean;
  /** Upper bound of the answer, reasoning included. Some limiters reserve it in full: keep it small. */
  maxCompletionTokens?: number;
  temperature?: number;
  /** Fields added to the provider's request body as they are. */
  extra?: Record<string, unknown>;
}

export interface Usage {
  /** All of the prompt, the cached part included. */
  promptTokens?: number;
  /** All of the answer, reasoning included. */
  completionTokens?: number;
  cachedTokens?: number;
  /** Put into the cache by this request, where the provider bills that apart (Anthropic, OpenRouter). */
  cacheWriteTokens?: number;
  reasoningTokens?: number;
  /** What the request cost, US dollars, where the provider tells (OpenRouter). */
  costUsd?: number;
}

/**
 * What a stream yields. A tool call comes whole, once its arguments are complete. `finish` says why the model stopped,
 * as soon as that is known; `usage` may come after it.
 */
export type ChatEvent =
  | { type: 'text'; text: string }
  | { type: 'reasoning'; text: string }
  | { type: 'toolCall'; call: ToolCall }
  | { type: 'usage'; usage: Usage }
  | { type: 'finish'; reason: string };

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
