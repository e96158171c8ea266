import type { Profile } from '../profiles/profiles.js';
import { type Bucket, fullBucket, refilled, taken, waitMs } from './bucket.js';
import type { LimitPlan } from './plan.js';

/** What is counted, each in its own bucket. */
export type LimitKind = 'requestsPerMinute' | 'requestsPerDay' | 'tokensPerMinute';

const KINDS: readonly LimitKind[] = ['requestsPerMinute', 'requestsPerDay', 'tokensPerMinute'];
const PER_MINUTE: Record<LimitKind, number> = {
  requestsPerMinute: 1,
  requestsPerDay: 1 / (24 * 60),
  tokensPerMinute: 1,
};

/** Where one limit stands after a request: what providers put in their headers. */
export interface Headroom {
  kind: LimitKind;
  limit: number;
  remaining: number;
  /** Until the limit is whole again. */
  resetMs: number;
}

/** What the limits say to one request. */
export interface Verdict {
  isRejected: boolean;
  /** `queue`: the request starts this much later. `reject`: come back after this long. */
  waitMs: number;
  /** False when the 429 must not say when to come back. */
  tellsWhen: boolean;
  headroom: Headroom[];
}

const UNLIMITED: Verdict = { isRejected: false, waitMs: 0, tellsWhen: true, headroom: [] };

/** Counts requests and tokens per key and profile. */
export class Limiter {
  readonly #plans: readonly LimitPlan[];
  readonly #buckets = new Map<string, Bucket>();

  constructor(plans: readonly LimitPlan[]) {
    this.#plans = plans;
  }

  /** Admits, delays or rejects one request. The first plan that fits the profile decides. */
  ask(request: { key: string; profile: Profile; tokens: number; nowMs: number }): Verdict {
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
    const isRejected = plan.whenOver === 'reject' && longestMs > 0;
    for (const { id, kind, limit, cost } of limits) {
      const bucket = bucketOf(id, kind, limit);
      this.#buckets.set(id, isRejected ? bucket : taken(bucket, cost, request.nowMs));
    }
    return {
      isRejected,
      waitMs: longestMs,
      tellsWhen: plan.retryAfter ?? true,
      headroom: limits.map(({ id, kind, limit }) =>
        headroomOf(kind, bucketOf(id, kind, limit), request.nowMs),
      ),
    };
  }
}

function headroomOf(kind: LimitKind, bucket: Bucket, nowMs: number): Headroom {
  const { level, capacity, perMinute } = refilled(bucket, nowMs);
  return {
    kind,
    limit: capacity,
    remaining: Math.max(0, Math.floor(level)),
    resetMs: ((capacity - level) * 60_000) / perMinute,
  };
}
