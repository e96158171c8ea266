import { costUsd, type Prices } from '../budget/prices.js';
import type { BenchPlan } from '../run-file.js';
import type { PlannedRequest } from './schedule.js';

/** What a run will come to, as well as it can be told beforehand. */
export interface RunEstimate {
  requests: number;
  /** Of these, the ones that are not counted. */
  warmUps: number;
  promptTokens: number;
  /** If every answer were as long as it may be. */
  completionTokens: number;
  /** Without anything found in a cache; `undefined` where the price of a target is not known. */
  usd: number | undefined;
  /** Targets whose prices are not known. */
  unpriced: string[];
  durationMs: number;
}

/** Answers of the last requests come a few seconds after them. */
const LAST_ANSWER_MS = 2_000;

/**
 * @param promptTokensOf a request's prompt, roughly
 * @param leadMs before the first request is due: idle connections are opened that long ahead
 */
export function runEstimate(options: {
  plan: BenchPlan;
  requests: readonly PlannedRequest[];
  prices: Prices;
  promptTokensOf(request: PlannedRequest): number;
  leadMs: number;
}): RunEstimate {
  const { plan, requests, prices, leadMs } = options;
  const unpriced = [...new Set(requests.map(({ arm }) => arm.target))].filter(
    (target) => !prices.byTarget[target],
  );
  let promptTokens = 0;
  let usd = 0;
  for (const request of requests) {
    const tokens = Math.round(options.promptTokensOf(request));
    const price = prices.byTarget[request.arm.target];
    promptTokens += tokens;
    if (price) usd += costUsd(price, { promptTokens: tokens, completionTokens: plan.maxCompletionTokens });
  }
  const spanMs = requests.length === 0 ? 0 : requests.at(-1)!.scheduledMs - requests[0]!.scheduledMs;
  return {
    requests: requests.length,
    warmUps: requests.filter(({ warmUp }) => warmUp).length,
    promptTokens,
    completionTokens: requests.length * plan.maxCompletionTokens,
    usd: unpriced.length > 0 ? undefined : usd,
    unpriced,
    durationMs: leadMs + spanMs + LAST_ANSWER_MS,
  };
}
