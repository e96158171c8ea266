/** A chat request without the accent of any provider's wire format. Wires read into it. */
export interface ChatRequest {
  /** As the client wrote it. */
  model: string;
  messages: ChatMessage[];
  tools: ToolOffer[];
  toolChoice: ToolChoice;
  /** May several tools be called at once? */
  parallelTools: boolean;
  stream: boolean;
  /** Send usage at the end of a stream. */
  includeUsage: boolean;
  /** The answer is cut here. `undefined`: no limit. */
  maxTokens: number | undefined;
  /** As the client wrote it; `undefined` leaves the profile's published figure as it is. */
  reasoningEffort: string | undefined;
  /** Routes requests to the same prompt cache. */
  cacheKey: string | undefined;
  /** Everything the model reads, in the order in which providers hash it. */
  prompt: string;
  /** The beginning of it that the provider would cache: all of it where caching is automatic. */
  cacheable: string;
}

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant' | 'tool';
  text: string;
  /** Tools an assistant message called. */
  toolCalls: ToolCall[];
  /** The call a tool message answers. */
  toolCallId?: string | undefined;
}

/** One call; `arguments` is JSON text, as providers send it. */
export interface ToolCall {
  id: string;
  name: string;
  arguments: string;
}

export interface ToolOffer {
  name: string;
  description: string;
  /** A JSON schema of the arguments; an empty object where none was given. */
  parameters: JsonSchema;
}

/** The part of JSON schema that argument filling looks at. */
export interface JsonSchema {
  type?: string | string[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  enum?: unknown[];
  format?: string;
  description?: string;
  items?: JsonSchema;
  default?: unknown;
  minimum?: number;
}

export type ToolChoice = 'auto' | 'none' | 'required' | { name: string };

/** What the emulator says back: text, or calls, or a sentence and then calls. */
export interface Answer {
  text: string;
  toolCalls: ToolCall[];
}

/** Token counts of one request, estimated: the emulator has no tokenizer. */
export interface Usage {
  promptTokens: number;
  cachedTokens: number;
  /** Newly cached; only Anthropic tells. */
  cacheWriteTokens: number;
  /** Answer and reasoning together, as providers bill them. */
  completionTokens: number;
  reasoningTokens: number;
}
