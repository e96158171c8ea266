import type { BudgetTracker, ResourceUse } from '../budget/budget.js';
import { costUsd, type Prices } from '../budget/prices.js';
import { TokenBound } from '../budget/token-bound.js';
import type { PlannedRequest } from '../plan/schedule.js';
import type { MeasuredRequest } from './measure-request.js';
import { requestCostUsd } from './to-sample.js';

/** The reservation of a request in flight. */
export interface Reservation {
  /** Maximum use of the request. */
  most: ResourceUse;
  /** Key of prompts with the same tokenizer and language. */
  kind: string;
  promptBytes: number;
  target: string;
}

/** Keeps a run within its budget: reserves the maximum before a request is sent, and counts the actual use afterwards. */
export class RunBudget {
  readonly #tracker: BudgetTracker;
  readonly #prices: Prices;
  readonly #maxCompletionTokens: number;
  readonly #bound = new TokenBound();

  constructor(options: { tracker: BudgetTracker; prices: Prices; maxCompletionTokens: number }) {
    this.#tracker = options.tracker;
    this.#prices = options.prices;
    this.#maxCompletionTokens = options.maxCompletionTokens;
  }

  /** Used so far. */
  get used(): ResourceUse {
    return this.#tracker.used;
  }

  /** Used so far, plus the maximum of the requests in flight. */
  get committed(): ResourceUse {
    return this.#tracker.committed;
  }

  /** Reserves the maximum use of a request; `undefined` where the budget does not allow it. */
  reserve({ arm }: PlannedRequest, language: string, promptBytes: number): Reservation | undefined {
    const kind = `${arm.target} ${language}`;
    const promptTokens = this.#bound.upperBound(kind, promptBytes);
    const completionTokens = this.#maxCompletionTokens;
    const price = this.#prices.byTarget[arm.target];
    const most = {
      requests: 1,
      tokens: promptTokens + completionTokens,
      usd: price ? costUsd(price, { promptTokens, completionTokens }) : 0,
    };
    return this.#tracker.reserve(most) ? { most, kind, promptBytes, target: arm.target } : undefined;
  }

  /** Counts a request that was aborted in flight in full, because its actual use is not known. */
  settleStopped({ most }: Reservation): void {
    this.#tracker.settle(most, most);
  }

  /** Replaces a reservation by what the request actually used. */
  settle(reservation: Reservation, measured: MeasuredRequest): void {
    const { kind, promptBytes, target } = reservation;
    const { promptTokens } = measured.trace.usage ?? {};
    if (promptTokens !== undefined) this.#bound.observe(kind, promptBytes, promptTokens);
    const usd = requestCostUsd(measured, this.#prices.byTarget[target]);
    this.#tracker.settle(reservation.most, usedOf(reservation.most, measured, usd));
  }
}

/** Actual use. Unreported tokens count in full, unless the provider rejected the request or never received it. */
function usedOf(most: ResourceUse, { trace }: MeasuredRequest, usd: number | undefined): ResourceUse {
  const { requests, usage, status } = trace;
  if (requests === 0 || (status !== undefined && status >= 400)) return { requests, tokens: 0, usd: 0 };
  const reported = usage?.promptTokens !== undefined || usage?.completionTokens !== undefined;
  const tokens = reported ? (usage?.promptTokens ?? 0) + (usage?.completionTokens ?? 0) : most.tokens;
  return { requests, tokens, usd: usd ?? most.usd };
}
