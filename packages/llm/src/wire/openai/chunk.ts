import { z } from 'zod';
import { detailAmount, detailCount, details, detailText, finishReason } from '../schema.js';

const seconds = { queue_time: detailAmount, prompt_time: detailAmount, total_time: detailAmount };

/** Usage, as OpenAI-compatible providers report it; Groq adds its times. */
const usage = details({
  ...seconds,
  prompt_tokens: detailCount,
  completion_tokens: detailCount,
  prompt_tokens_details: details({ cached_tokens: detailCount, cache_write_tokens: detailCount }),
  completion_tokens_details: details({ reasoning_tokens: detailCount }),
  /** OpenRouter, in credits, which are US dollars. */
  cost: detailAmount,
});

/** Mistral sends text and thinking as parts; gateways of the Responses API, text and refusals. */
const contentPart = z.union([
  z.string(),
  z.object({ type: detailText, text: detailText, refusal: detailText }),
]);

/** A fragment of a tool call. */
const toolCall = z.object({
  index: detailCount,
  id: z
    .union([z.string(), z.number().transform(String)])
    .nullish()
    .catch(undefined),
  function: z
    .object({
      name: z.string().nullish(),
      arguments: z.union([z.string(), z.record(z.string(), z.unknown())]).nullish(),
    })
    .nullish(),
});

/** What a chunk adds to the answer. */
const delta = z.object({
  content: z.union([z.string(), z.array(contentPart)]).nullish(),
  refusal: detailText,
  /** vLLM and DeepSeek use `reasoning_content`; Groq, Cerebras and OpenRouter use `reasoning`. */
  reasoning_content: detailText,
  reasoning: detailText,
  tool_calls: z.array(toolCall).nullish(),
});

/** One choice of a chunk. */
const choice = z.object({
  delta: delta.nullish(),
  /** Of a non-streaming answer. */
  message: delta.nullish(),
  finish_reason: finishReason,
});

/**
 * The fields of a chat completion chunk that are used here, for OpenAI and compatible providers. Any field may be
 * missing or null.
 */
export const chunkSchema = z.object({
  choices: z.array(choice).nullish(),
  usage,
  /** Groq repeats usage here. */
  x_groq: details({ usage }),
  /** Cerebras; seconds. */
  time_info: details(seconds),
  /**
   * vLLM with `--enable-per-request-metrics`. Its time to first token starts at scheduling, so queueing is separate.
   */
  metrics: details({ queue_time_ms: detailAmount, time_to_first_token_ms: detailAmount }),
  /** llama.cpp: cached and newly processed prompt tokens, and times in ms. */
  timings: details({
    cache_n: detailCount,
    prompt_n: detailCount,
    prompt_ms: detailAmount,
    predicted_ms: detailAmount,
  }),
  /** OpenAI, Groq, Cerebras, OpenRouter: the tier that served the request. */
  service_tier: detailText,
  /** OpenRouter: the provider that answered. */
  provider: detailText,
});

/** A checked chunk. */
export type Chunk = z.infer<typeof chunkSchema>;
/** One choice of a chunk. */
export type Choice = z.infer<typeof choice>;
/** What a chunk adds to the answer. */
export type Delta = z.infer<typeof delta>;
