/** A token bucket that limits hedges: the credit left, in requests and in prompt tokens. */
export interface TokenBucket {
  requests: number;
  promptTokens: number;
}

/**
 * Credit above this many requests is discarded, so that a quiet hour cannot pay for a burst. A smaller bucket would
 * run empty by chance: out of 1,500 requests, between 127 and 173 exceed a delay that one in ten should exceed.
 */
const CAPACITY = 40;

/** A bucket that is half full, so that hedging works from the first call. */
export function newBucket(): TokenBucket {
  return { requests: CAPACITY / 2, promptTokens: 0 };
}

/** Every request adds `budget` to the bucket, in requests and in prompt tokens. `promptTokens` is an estimate. */
export function refill(bucket: TokenBucket, request: { budget: number; promptTokens: number }): TokenBucket {
  const { budget, promptTokens } = request;
  return {
    requests: Math.min(CAPACITY, bucket.requests + budget),
    promptTokens: Math.min(CAPACITY * promptTokens, bucket.promptTokens + budget * promptTokens),
  };
}

/**
 * Takes the cost of an extra request out of the bucket. Failovers are never refused, so the debt is limited:
 * otherwise an hour of failovers would leave the next hour without hedges.
 */
export function take(bucket: TokenBucket, request: { promptTokens: number }): TokenBucket {
  const { requests, promptTokens } = bucket;
  return {
    requests: Math.max(0, requests - 1),
    promptTokens: Math.max(
      Math.min(promptTokens, maxTokenDebt(request)),
      promptTokens - request.promptTokens,
    ),
  };
}

/** Prompt sizes differ, so the token credit cannot start half full; a debt of twenty prompts is allowed instead. */
const maxTokenDebt = (request: { promptTokens: number }) => -(CAPACITY / 2) * request.promptTokens;

/** Whether the bucket covers a hedge, in requests and in tokens. Over a session both stay within the same share. */
export function canHedge(bucket: TokenBucket, request: { promptTokens: number }): boolean {
  return bucket.requests >= 1 && bucket.promptTokens - request.promptTokens >= maxTokenDebt(request);
}

/** How full the bucket is, in requests; 0 to 1. */
export function fillLevel(bucket: TokenBucket): number {
  return Math.min(1, bucket.requests / CAPACITY);
}
