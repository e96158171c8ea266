/**
 * The fields of a chat completion chunk that are used here, for OpenAI and compatible providers. Any field may be
 * missing or null.
 */
export interface Chunk {
  choices?: Choice[] | null;
  usage?: ChunkUsage | null;
  /** Groq repeats usage and reports errors here. */
  x_groq?: { usage?: ChunkUsage | null; error?: unknown } | null;
  /** Cerebras; seconds. */
  time_info?: Seconds | null;
  /**
   * vLLM with `--enable-per-request-metrics`. Its time to first token starts at scheduling, so queueing is separate.
   */
  metrics?: { queue_time_ms?: number | null; time_to_first_token_ms?: number | null } | null;
  /** llama.cpp: cached and newly processed prompt tokens, and times in ms. */
  timings?: {
    cache_n?: number | null;
    prompt_n?: number | null;
    prompt_ms?: number | null;
    predicted_ms?: number | null;
  } | null;
  /** OpenAI, Groq, Cerebras, OpenRouter: the tier that served the request. */
  service_tier?: string | null;
  /** OpenRouter: the provider that answered. */
  provider?: unknown;
  error?: unknown;
}

/** One choice of a chunk. */
export interface Choice {
  delta?: Delta | null;
  /** Of a non-streaming answer. */
  message?: Delta | null;
  finish_reason?: string | null;
}

/** What a chunk adds to the answer. */
export interface Delta {
  content?: string | null;
  refusal?: string | null;
  /** vLLM and DeepSeek use `reasoning_content`; Groq, Cerebras and OpenRouter use `reasoning`. */
  reasoning_content?: string | null;
  reasoning?: string | null;
  tool_calls?: ToolCallDelta[] | null;
}

/** A fragment of a tool call. */
export interface ToolCallDelta {
  index?: number | null;
  id?: string | null;
  function?: { name?: string | null; arguments?: string | null } | null;
}

interface Seconds {
  queue_time?: number | null;
  prompt_time?: number | null;
  total_time?: number | null;
}

/** Usage, as OpenAI-compatible providers report it; Groq adds its times. */
export interface ChunkUsage extends Seconds {
  prompt_tokens?: number | null;
  completion_tokens?: number | null;
  prompt_tokens_details?: { cached_tokens?: number | null; cache_write_tokens?: number | null } | null;
  completion_tokens_details?: { reasoning_tokens?: number | null } | null;
  /** OpenRouter, in credits, which are US dollars. */
  cost?: number | null;
}
