/** A chat request as the server sees it, independent of the provider's wire format. */
export interface EmulatedRequest {
  /** The model id, as the client sent it. */
  model: string;
  messages: EmulatedMessage[];
  tools: OfferedTool[];
  toolChoice: EmulatedToolChoice;
  /** Whether several tools may be called in one reply. */
  parallelTools: boolean;
  stream: boolean;
  /** The schema of the JSON that the reply must be; absent for a reply in words. */
  answerSchema?: JsonSchema;
  /** Send usage at the end of a stream. */
  includeUsage: boolean;
  /** Output limit, tokens. `undefined`: no limit. */
  maxTokens: number | undefined;
  /** Reasoning effort as the client sent it; `undefined` leaves the profile's published TTFT unchanged. */
  reasoningEffort: string | undefined;
  /** Requests with the same key share a prompt cache. */
  cacheKey: string | undefined;
  /** Everything the model reads, in the order in which providers cache it. */
  prompt: string;
  /** The start of `prompt` that the provider would cache: all of it where caching is automatic. */
  cacheable: string;
}

/** One message of the conversation, system prompt and tool results included. */
export interface EmulatedMessage {
  role: 'system' | 'user' | 'assistant' | 'tool';
  text: string;
  /** Tool calls of an assistant message. */
  toolCalls: EmulatedToolCall[];
  /** Id of the call that a tool message is the result of. */
  toolCallId?: string | undefined;
}

/** One tool call; `arguments` is JSON text, as providers send it. */
export interface EmulatedToolCall {
  id: string;
  name: string;
  arguments: string;
}

/** A tool that the request lets the model call. */
export interface OfferedTool {
  name: string;
  description: string;
  /** JSON schema of the arguments; an empty object if the request has none. */
  parameters: JsonSchema;
}

/** The part of JSON Schema that is used to fill in tool arguments. */
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

/** Whether the model may, must not or must call a tool, or which one it must call. */
export type EmulatedToolChoice = 'auto' | 'none' | 'required' | { name: string };

/** The reply: text, tool calls, or text followed by tool calls. */
export interface EmulatedAnswer {
  text: string;
  toolCalls: EmulatedToolCall[];
}

/** Token counts of one request. They are estimates: the emulator has no tokenizer. */
export interface EmulatedUsage {
  promptTokens: number;
  cachedTokens: number;
  /** Prompt tokens newly cached; only Anthropic reports them. */
  cacheWriteTokens: number;
  /** Reply and reasoning tokens together, as providers bill them. */
  completionTokens: number;
  reasoningTokens: number;
}
