/**
 * The parts of a chat completion chunk that are read here, across OpenAI and those who speak its language. Every field
 * may be missing or null.
 */
export interface Chunk {
  choices?: Choice[] | null;
  usage?: ChunkUsage | null;
  /** Groq repeats usage and reports errors here. */
  x_groq?: { usage?: ChunkUsage | null; error?: unknown } | null;
  /** Cerebras; seconds. */
  time_info?: Seconds | null;
  /** vLLM, from `--enable-per-request-metrics` on; its time to first token counts from scheduling: queueing is apart. */
  metrics?: { queue_time_ms?: number | null; time_to_first_token_ms?: number | null } | null;
  /** llama.cpp: tokens found in its cache and read anew, ms. */
  timings?: {
    cache_n?: number | null;
    prompt_n?: number | null;
    prompt_ms?: number | null;
    predicted_ms?: number | null;
  } | null;
  /** OpenAI, Groq, Cerebras, OpenRouter: the tier that served the request. */
  service_tier?: string | null;
  /** OpenRouter: who answered. */
  provider?: unknown;
  error?: unknown;
}

export interface Choice {
  delta?: Delta | null;
  /** Of an unstreamed answer. */
  message?: Delta | null;
  finish_reason?: string | null;
}

export interface Delta {
  content?: string | null;
  refusal?: string | null;
  /** vLLM and DeepSeek say `reasoning_content`; Groq, Cerebras and OpenRouter say `reasoning`. */
  reasoning_content?: string | null;
  reasoning?: string | null;
  tool_calls?: ToolCallDelta[] | null;
}

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

export interface ChunkUsage extends Seconds {
  prompt_tokens?: number | null;
  completion_tokens?: number | null;
  prompt_tokens_details?: { cached_tokens?: number | null; cache_write_tokens?: number | null } | null;
  completion_tokens_details?: { reasoning_tokens?: number | null } | null;
  /** OpenRouter, in credits, which are US dollars. */
  cost?: number | null;
}
