/** What one key may do at one provider, and what happens to who asks for more. Plain data. */
export interface LimitPlan {
  /** Only requests played by this profile. Default: all. Each profile has its own count. */
  profile?: string;
  requestsPerMinute?: number;
  requestsPerDay?: number;
  /** Prompt and answer tokens. Cerebras counts the tokens that were *asked for* (`max_completion_tokens`). */
  tokensPerMinute?: number;
  /** `queue`: the request waits its turn in silence, as on Groq's free tier. `reject`: it gets a 429. */
  whenOver: 'queue' | 'reject';
  /** Say in the 429 when to come back. Default true. */
  retryAfter?: boolean;
}

export type LimitPreset = keyof typeof LIMIT_PRESETS;

/** Limits published or observed by others. */
export const LIMIT_PRESETS = {
  /**
   * Observed: about 200 ms for some 30 calls, then 2,200 ms overall (blog.saksham.digital, n = 100, one caller in a
   * row). 30 a minute that queue give that shape: a caller in a row then waits about 2 s for each turn.
   */
  'groq-free-tier': { profile: 'groq-gpt-oss-120b', requestsPerMinute: 30, whenOver: 'queue' },
} as const satisfies Record<string, LimitPlan>;

/** A preset's plan, or the plan itself. */
export function planOf(limit: LimitPlan | LimitPreset): LimitPlan {
  return typeof limit === 'string' ? LIMIT_PRESETS[limit] : limit;
}
