import type { Profile } from '../profiles/profiles.js';
import { type Bucket, fullBucket, refill, waitMs, withdraw } from './bucket.js';
import type { LimitPlan } from './plan.js';

/** The quantities that can be limited. Each has its own bucket. */
export type LimitKind = 'requestsPerMinute' | 'requestsPerDay' | 'tokensPerMinute';

const KINDS: readonly LimitKind[] = ['requestsPerMinute', 'requestsPerDay', 'tokensPerMinute'];
const PER_MINUTE: Record<LimitKind, number> = {
  requestsPerMinute: 1,
  requestsPerDay: 1 / (24 * 60),
  tokensPerMinute: 1,
};

/** The state of one limit after a request, as providers report it in their headers. */
export interface Headroom {
  kind: LimitKind;
  limit: number;
  remaining: number;
  /** Time until the full limit is available again, ms. */
  resetMs: number;
}

/** Whether and when the limits admit one request. */
export interface LimitDecision {
  isRejected: boolean;
  /** `queue`: the delay before the request starts, ms. `reject`: the time after which to retry, ms. */
  waitMs: number;
  /** False when the 429 must not carry `retry-after`. */
  sendsRetryAfter: boolean;
  headroom: Headroom[];
}

const UNLIMITED: LimitDecision = { isRejected: false, waitMs: 0, sendsRetryAfter: true, headroom: [] };

/** Counts requests and tokens per API key and profile. */
export class Limiter {
  readonly #plans: readonly LimitPlan[];
  readonly #buckets = new Map<string, Bucket>();

  constructor(plans: readonly LimitPlan[]) {
    this.#plans = plans;
  }

  /** Admits, delays or rejects one request, by the first plan that matches its profile. A rejected request uses no quota. */
  admit(request: { key: string; profile: Profile; tokens: number; nowMs: number }): LimitDecision {
    const plan = this.#plans.find((p) => p.profile === undefined || p.profile === request.profile.name);
    if (!plan) return UNLIMITED;
    const limits = KINDS.filter((kind) => plan[kind] !== undefined).map((kind) => ({
      kind,
      id: `${request.key}\n${request.profile.name}\n${kind}`,
      limit: plan[kind] ?? 0,
      cost: kind === 'tokensPerMinute' ? request.tokens : 1,
    }));
    const bucketOf = (id: string, kind: LimitKind, limit: number) =>
      this.#buckets.get(id) ?? fullBucket(limit, limit * PER_MINUTE[kind], request.nowMs);
    const longestMs = Math.max(
      0,
      ...limits.map(({ id, kind, limit, cost }) => waitMs(bucketOf(id, kind, limit), cost, request.nowMs)),
    );
    const isRejected = plan.onExceeded === 'reject' && longestMs > 0;
    for (const { id, kind, limit, cost } of limits) {
      const bucket = bucketOf(id, kind, limit);
      this.#buckets.set(id, isRejected ? bucket : withdraw(bucket, cost, request.nowMs));
    }
    return {
      isRejected,
      waitMs: longestMs,
      sendsRetryAfter: plan.sendRetryAfter ?? true,
      headroom: limits.map(({ id, kind, limit }) =>
        headroomOf(kind, bucketOf(id, kind, limit), request.nowMs),
      ),
    };
  }
}

function headroomOf(kind: LimitKind, bucket: Bucket, nowMs: number): Headroom {
  const { level, capacity, perMinute } = refill(bucket, nowMs);
  return {
    kind,
    limit: capacity,
    remaining: Math.max(0, Math.floor(level)),
    resetMs: ((capacity - level) * 60_000) / perMinute,
  };
}
