import { costUsd, type Prices } from '../budget/prices.js';
import type { BenchPlan } from '../run-file.js';
import type { PlannedRequest } from './schedule.js';
import { speechUsd } from './speech-estimate.js';

/** Requests, tokens, cost and duration of a run, estimated before it starts. */
export interface RunEstimate {
  requests: number;
  /** Warm-ups among them. */
  warmUps: number;
  promptTokens: number;
  /** Upper bound: every answer at its maximum length. */
  completionTokens: number;
  /** Without cache discounts; `undefined` where the price of a target is not known. */
  usd: number | undefined;
  /** Targets whose prices are not known. */
  unpriced: string[];
  durationMs: number;
}

/** Allowance for the answers of the last requests. */
const LAST_ANSWER_MS = 2_000;

/**
 * Estimates a run.
 * @param options.promptTokensOf approximate prompt tokens of a request
 * @param options.leadMs time before the first request, in which idle connections are opened, ms
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
    (target) => !(prices.byTarget[target] || prices.speech?.[target]),
  );
  let promptTokens = 0;
  let usd = 0;
  const ofLlms = requests.filter(({ arm }) => !arm.kind);
  for (const request of ofLlms) {
    const tokens = Math.round(options.promptTokensOf(request));
    const price = prices.byTarget[request.arm.target];
    promptTokens += tokens;
    if (price) usd += costUsd(price, { promptTokens: tokens, completionTokens: plan.maxCompletionTokens });
  }
  const spanMs = requests.length === 0 ? 0 : requests.at(-1)!.scheduledMs - requests[0]!.scheduledMs;
  const durationMs = leadMs + spanMs + LAST_ANSWER_MS;
  if (plan.speech) usd += speechUsd({ plan, requests, prices, durationMs });
  return {
    requests: requests.length,
    warmUps: requests.filter(({ warmUp }) => warmUp).length,
    promptTokens,
    completionTokens: ofLlms.length * plan.maxCompletionTokens,
    usd: unpriced.length > 0 ? undefined : usd,
    unpriced,
    durationMs,
  };
}
