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
