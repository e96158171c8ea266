/** Rate limits of one API key, and what happens to a request that exceeds them. */
export interface LimitPlan {
  /** Limit only requests to this profile. Default: all. Each profile is counted separately. */
  profile?: string;
  /** Requests per minute. Default: unlimited. */
  requestsPerMinute?: number;
  /** Requests per day. Default: unlimited. */
  requestsPerDay?: number;
  /**
   * Prompt and output tokens per minute. Default: unlimited. Cerebras counts the *requested* output
   * (`max_completion_tokens`).
   */
  tokensPerMinute?: number;
  /** `queue`: the request waits without a response, as on Groq's free tier. `reject`: it gets a 429. */
  onExceeded: 'queue' | 'reject';
  /** Send `retry-after` with a 429. Default true. */
  sendRetryAfter?: boolean;
}

/** The name of a preset in `LIMIT_PRESETS`. */
export type LimitPreset = keyof typeof LIMIT_PRESETS;

/** Rate limits published or observed by others. */
export const LIMIT_PRESETS = {
  /**
   * Observed with 100 sequential calls: about the first 30 took about 200 ms each, and the median of all 100 was 2,200 ms
   * (blog.saksham.digital).
   * Queueing above 30 requests a minute reproduces this: sequential calls then wait about 2 s each.
   */
  'groq-free-tier': { profile: 'groq-gpt-oss-120b', requestsPerMinute: 30, onExceeded: 'queue' },
} as const satisfies Record<string, LimitPlan>;

/** The limits of a preset, or the given limits themselves. */
export function resolveLimit(limit: LimitPlan | LimitPreset): LimitPlan {
  return typeof limit === 'string' ? LIMIT_PRESETS[limit] : limit;
}
