/** One part of a message: text, or an image by URL (`https:` or `data:`). */
export type ContentPart = { type: 'text'; text: string } | { type: 'image'; url: string };

/** A tool call that the model asks for. */
export interface ToolCall {
  id: string;
  name: string;
  /** JSON text, already checked to parse. */
  arguments: string;
}

/** One message of a conversation. */
export interface ChatMessage {
  /** Author of the message; `tool` for the result of a tool call. */
  role: 'system' | 'user' | 'assistant' | 'tool';
  /** Text, or text and images. */
  content: string | ContentPart[];
  /** Of an assistant message: the tools that the model called. */
  toolCalls?: ToolCall[];
  /** Of a tool message: the `id` of the call that it answers. */
  toolCallId?: string;
  name?: string;
}

/** A tool that the model may call. */
export interface ToolDefinition {
  name: string;
  description?: string;
  /** JSON Schema of the arguments. */
  parameters: object;
}

/** Whether the model may call tools: it decides, never, it must call one, or it must call this one. */
export type ToolChoice = 'auto' | 'none' | 'required' | { name: string };

/**
 * A request body as a client wrote it, for programs that pass requests on. A model with the same wire format gets this body,
 * with its own model name and as a stream; every other model gets the converted request.
 */
export interface RawBody {
  /** Name of its format: the `name` of a `Wire`, such as `openai-chat` or `anthropic-messages`. */
  wire: string;
  /** The body, unchanged. */
  body: Record<string, unknown>;
  /**
   * What the converted request lacks and the answer depends on, such as `input_audio`. Models with another wire format refuse
   * the request if there is anything. Default none.
   */
  unconvertible?: string[];
}

/** A chat request, the same for every provider. */
export interface ChatRequest {
  /** The conversation, oldest message first; at least one. */
  messages: ChatMessage[];
  /** Tools that the model may call; default none. They are sent sorted by name. */
  tools?: ToolDefinition[];
  /** Default: the provider's, usually `auto`. */
  toolChoice?: ToolChoice;
  /** Whether one answer may contain several tool calls. Default: the provider's. */
  parallelToolCalls?: boolean;
  /**
   * Maximum length of the answer, reasoning included, tokens. Some rate limiters reserve all of it up front: keep it
   * small.
   */
  maxCompletionTokens?: number;
  /** Sampling temperature; the range depends on the provider. Default: the provider's. */
  temperature?: number;
  /** Nucleus sampling, 0 to 1. Default: the provider's. */
  topP?: number;
  /** Texts at which the answer ends. Default none. */
  stop?: string[];
  /** Fields added to the provider's request body unchanged. */
  extra?: Record<string, unknown>;
  /**
   * Name of the conversation, any text. A router keeps a conversation at one of several replicas, and providers that
   * route by `prompt_cache_key` get a hash of it as that. Default: one key for all requests of a model.
   */
  sessionId?: string;
  /** The request as a client wrote it; `messages` and the other fields must say the same. Default none. */
  raw?: RawBody;
}

/** Token counts and cost of one request, as the provider reported them. Anything it did not report is left out. */
export interface Usage {
  /** The whole prompt, including the cached part, tokens. */
  promptTokens?: number;
  /** The whole answer, including reasoning, tokens. */
  completionTokens?: number;
  /** Prompt tokens that were read from the cache. */
  cachedTokens?: number;
  /**
   * Tokens that this request wrote to the prompt cache, where the provider bills them separately (Anthropic,
   * OpenRouter).
   */
  cacheWriteTokens?: number;
  /** Reasoning tokens of the answer. */
  reasoningTokens?: number;
  /** Cost of the request, US dollars, where the provider reports it (OpenRouter). */
  costUsd?: number;
}

/**
 * One event of an answer. A tool call is emitted once, when its arguments are complete; `toolCallDelta` says that a part
 * of it has arrived, so that an answer whose arguments are still being written does not look stalled. `finish` carries the
 * reason why the model stopped, as soon as it is known: the answer is then complete, and only `usage` may follow.
 * `frame` replaces the others where `ChatRequest.raw` was sent as it is.
 */
export type ChatEvent =
  | { type: 'text'; text: string }
  | { type: 'reasoning'; text: string }
  | { type: 'toolCallDelta' }
  | { type: 'toolCall'; call: ToolCall }
  | { type: 'usage'; usage: Usage }
  | { type: 'finish'; reason: string }
  | ChatFrame;

/** One server-sent event of a provider as received, with what it means. */
export interface ChatFrame {
  type: 'frame';
  /** Absent for the event that only ends the stream, such as `[DONE]`. */
  sse?: { event?: string | undefined; data: string };
  /** Its events, in order; never another frame. Empty for an event that adds nothing to the answer. */
  events: ChatEvent[];
}
