import type { Prices } from '../budget/prices.js';
import { speechCostUsd } from '../budget/speech-cost.js';
import type { BenchPlan } from '../run-file.js';
import type { PlannedRequest } from './schedule.js';

/** Time between a line and the next one at least, ms: the final transcript and the wait for a second one. */
const AFTER_LINE_MS = 1_000;
/** A session of a realtime model besides the line, ms: opening it, and the beginning of the answer. */
const AROUND_LINE_MS = 3_000;

/**
 * The cost of a run's speech engines and realtime models, US dollars. A stream at an STT costs while it is open: over the whole run where it is
 * warm.
 */
export function speechUsd(options: {
  plan: BenchPlan;
  requests: readonly PlannedRequest[];
  prices: Prices;
  durationMs: number;
}): number {
  const { plan, requests, prices, durationMs } = options;
  const { text, lineMs } = plan.speech!;
  const arms = new Set(requests.map(({ arm }) => arm));
  let usd = 0;
  for (const arm of arms) {
    const price = prices.speech?.[arm.target];
    if (!price) continue;
    const count = requests.filter((request) => request.arm === arm).length;
    if (arm.kind === 'realtime') {
      usd += speechCostUsd(price, count * (lineMs + AROUND_LINE_MS));
      continue;
    }
    const busyMs = count * (lineMs + AFTER_LINE_MS);
    const sentMs = arm.mode === 'warm' ? Math.max(busyMs, durationMs) : busyMs;
    usd += speechCostUsd(price, arm.kind === 'stt' ? sentMs : count * text.length);
  }
  return usd;
}
