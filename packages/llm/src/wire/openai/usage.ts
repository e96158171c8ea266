import type { Usage } from '../../model.js';
import type { ProviderTime } from '../../trace.js';
import type { Chunk, ChunkUsage } from './chunk.js';

function present<T extends object>(values: { [K in keyof T]: T[K] | null | undefined }): T | undefined {
  const seen = Object.entries(values).filter(([, value]) => value !== undefined && value !== null);
  return seen.length > 0 ? (Object.fromEntries(seen) as T) : undefined;
}

export function readUsage(chunk: Chunk): Usage | undefined {
  const usage: ChunkUsage | null | undefined = chunk.usage ?? chunk.x_groq?.usage;
  if (!usage) return undefined;
  return present<Usage>({
    promptTokens: usage.prompt_tokens,
    completionTokens: usage.completion_tokens,
    cachedTokens: usage.prompt_tokens_details?.cached_tokens,
    reasoningTokens: usage.completion_tokens_details?.reasoning_tokens,
  });
}

const toMs = (seconds: number | null | undefined) =>
  typeof seconds === 'number' ? seconds * 1000 : undefined;

/** Groq tells its times in `usage`, Cerebras in `time_info`; both in seconds. */
export function readProviderTime(chunk: Chunk): ProviderTime | undefined {
  const times = chunk.time_info ?? chunk.usage ?? chunk.x_groq?.usage;
  if (!times) return undefined;
  return present<ProviderTime>({
    queueMs: toMs(times.queue_time),
    prefillMs: toMs(times.prompt_time),
    totalMs: toMs(times.total_time),
  });
}
