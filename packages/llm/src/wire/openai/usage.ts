import type { Usage } from '../../chat.js';
import type { ProviderTime, RequestTrace } from '../../trace.js';
import type { Chunk } from './chunk.js';

function present<T extends object>(values: { [K in keyof T]: T[K] | null | undefined }): T | undefined {
  let seen: Partial<T> | undefined;
  for (const name in values) {
    const value = values[name];
    if (value === undefined || value === null) continue;
    seen ??= {};
    seen[name] = value;
  }
  return seen as T | undefined;
}

/** The usage in a chunk, if any. */
export function readUsage({ usage: own, x_groq, timings }: Chunk): Usage | undefined {
  const usage = own ?? x_groq?.usage;
  // Most chunks have neither: usage is sent at the end.
  if (!usage && !timings) return undefined;
  return present<Usage>({
    promptTokens: usage?.prompt_tokens,
    completionTokens: usage?.completion_tokens,
    cachedTokens: usage?.prompt_tokens_details?.cached_tokens ?? timings?.cache_n,
    cacheWriteTokens: usage?.prompt_tokens_details?.cache_write_tokens,
    reasoningTokens: usage?.completion_tokens_details?.reasoning_tokens,
    costUsd: usage?.cost,
  });
}

const toMs = (seconds: number | null | undefined) =>
  typeof seconds === 'number' ? seconds * 1000 : undefined;

/**
 * The processing times in a chunk, if any. Groq reports them in `usage` and Cerebras in `time_info`, both in seconds;
 * vLLM in `metrics` and llama.cpp in `timings`, in ms.
 */
export function readProviderTime(chunk: Chunk): ProviderTime | undefined {
  const { metrics, timings } = chunk;
  if (metrics) {
    return present<ProviderTime>({
      queueMs: metrics.queue_time_ms,
      prefillMs: metrics.time_to_first_token_ms,
    });
  }
  if (timings) {
    const { prompt_ms: prefillMs, predicted_ms: answerMs } = timings;
    const totalMs =
      typeof prefillMs === 'number' && typeof answerMs === 'number' ? prefillMs + answerMs : undefined;
    return present<ProviderTime>({ prefillMs, totalMs });
  }
  const times = chunk.time_info ?? chunk.usage ?? chunk.x_groq?.usage;
  if (!times) return undefined;
  return present<ProviderTime>({
    queueMs: toMs(times?.queue_time),
    prefillMs: toMs(times?.prompt_time),
    totalMs: toMs(times?.total_time),
  });
}

/** The service tier and the provider behind a gateway, if a chunk names them. */
export function readServed({
  service_tier: tier,
  provider,
}: Chunk): Pick<RequestTrace, 'serviceTier' | 'servedBy'> | undefined {
  return present<Pick<RequestTrace, 'serviceTier' | 'servedBy'>>({
    serviceTier: tier,
    servedBy: provider,
  });
}
