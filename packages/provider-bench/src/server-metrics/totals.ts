import type { MetricSample } from './exposition.js';

export const ENGINES = ['vllm', 'llama.cpp'] as const;
export type ServerEngine = (typeof ENGINES)[number];

/** What a server has added up since its start, for one model. What it does not tell is left out. */
export interface ServerTotals {
  engine: ServerEngine;
  /** Requests that reached their first token. */
  firstTokens?: number;
  /** From the arrival of each to its first token, together, ms. */
  ttftMs?: number;
  /** Waiting to be scheduled; reading the prompt, together, ms. */
  queueMs?: number;
  queued?: number;
  prefillMs?: number;
  prefilled?: number;
  /** Prompt tokens looked for in the prefix cache, and found. */
  cacheQueriesTokens?: number;
  cacheHitsTokens?: number;
  /** Requests that lost their place to others and were read anew. */
  preemptions?: number;
  /** At this moment. */
  waitingNow?: number;
}

type Field = Exclude<keyof ServerTotals, 'engine'>;

/** Where a total stands, and what makes ms of it. Counters end in `_total` in some versions, and not in others. */
type Source = readonly [field: Field, name: string, factor: number];

/** Names as documented: docs.vllm.ai, "Production Metrics", and docs/design/metrics.md of vLLM. */
const VLLM: readonly Source[] = [
  ['ttftMs', 'vllm:time_to_first_token_seconds_sum', 1000],
  ['firstTokens', 'vllm:time_to_first_token_seconds_count', 1],
  ['queueMs', 'vllm:request_queue_time_seconds_sum', 1000],
  ['queued', 'vllm:request_queue_time_seconds_count', 1],
  ['prefillMs', 'vllm:request_prefill_time_seconds_sum', 1000],
  ['prefilled', 'vllm:request_prefill_time_seconds_count', 1],
  ['cacheQueriesTokens', 'vllm:prefix_cache_queries', 1],
  ['cacheHitsTokens', 'vllm:prefix_cache_hits', 1],
  ['preemptions', 'vllm:num_preemptions', 1],
  ['waitingNow', 'vllm:num_requests_waiting', 1],
];

/** Names as documented (tools/server/README.md of llama.cpp) and as build 11549 gives them. It counts no requests, and times no queue. */
const LLAMA_CPP: readonly Source[] = [
  ['prefillMs', 'llamacpp:prompt_seconds_total', 1000],
  // Those that it had to read, and those that it need not: newer builds count both.
  ['cacheQueriesTokens', 'llamacpp:prompt_tokens_total', 1],
  ['cacheQueriesTokens', 'llamacpp:prompt_tokens_cached_total', 1],
  ['cacheHitsTokens', 'llamacpp:prompt_tokens_cached_total', 1],
  ['waitingNow', 'llamacpp:requests_deferred', 1],
];

function collected(
  engine: ServerEngine,
  sources: readonly Source[],
  readings: readonly MetricSample[],
  model: string,
): ServerTotals | undefined {
  const named = readings.some(({ labels }) => labels.model_name === model);
  const ours = readings.filter(
    ({ labels }) => !named || labels.model_name === undefined || labels.model_name === model,
  );
  const totals: ServerTotals = { engine };
  for (const [field, name, factor] of sources) {
    const found = ours.filter((one) => one.name === name || one.name === `${name}_total`);
    // Several engines of one server add up, and so do several counters of one total.
    const sum = factor * found.reduce((all, { value }) => all + value, 0);
    if (found.length > 0) totals[field] = (totals[field] ?? 0) + sum;
  }
  return Object.keys(totals).length > 1 ? totals : undefined;
}

/**
 * The totals of `model`, or of all models where the server labels none with this name (an alias).
 * @returns `undefined` where the text is no /metrics of vLLM or llama.cpp
 */
export function totalsOf(readings: readonly MetricSample[], model: string): ServerTotals | undefined {
  return collected('vllm', VLLM, readings, model) ?? collected('llama.cpp', LLAMA_CPP, readings, model);
}
