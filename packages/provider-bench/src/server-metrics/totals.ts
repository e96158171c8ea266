import type { MetricSample } from './exposition.js';

/** Inference servers whose metrics are understood. */
export const ENGINES = ['vllm', 'llama.cpp'] as const;
/** An inference server whose metrics are understood. */
export type ServerEngine = (typeof ENGINES)[number];

/** Counters of a server since its start, for one model. Unreported ones are absent. */
export interface ServerTotals {
  engine: ServerEngine;
  /** Requests that reached their first token. */
  firstTokens?: number;
  /** Sum of the times to first token, ms. */
  ttftMs?: number;
  /** Sums of the queue and prefill times, ms, with the number of requests in each. */
  queueMs?: number;
  queued?: number;
  prefillMs?: number;
  prefilled?: number;
  /** Prompt tokens looked for in the prefix cache, and found. */
  cacheQueriesTokens?: number;
  cacheHitsTokens?: number;
  /** Requests that were preempted and had to be prefilled again. */
  preemptions?: number;
  /** Requests waiting at the time of the reading. */
  waitingNow?: number;
}

type Field = Exclude<keyof ServerTotals, 'engine'>;

/** The metric of a field, and the factor that converts it to ms. Some versions append `_total` to counter names. */
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

/** Names as documented (tools/server/README.md of llama.cpp) and as returned by build 11549. It does not report request counts or queue time. */
const LLAMA_CPP: readonly Source[] = [
  ['prefillMs', 'llamacpp:prompt_seconds_total', 1000],
  // Queries are processed tokens plus cached tokens; only newer builds report the latter.
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
 * The totals of `model`, or of all models where no metric has this label (the model name is an alias).
 * @returns `undefined` where the metrics are not those of vLLM or llama.cpp
 */
export function totalsOf(readings: readonly MetricSample[], model: string): ServerTotals | undefined {
  return collected('vllm', VLLM, readings, model) ?? collected('llama.cpp', LLAMA_CPP, readings, model);
}
