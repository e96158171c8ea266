/** What has been saved for requests that may turn out to be needless. */
export interface TokenBucket {
  requests: number;
  promptTokens: number;
}

/**
 * Savings beyond this many requests are forgotten: a quiet hour must not pay for a storm. Fewer would run dry by mere
 * chance: of 1,500 requests, between 127 and 173 pass a delay that one in ten should.
 */
const CAPACITY = 40;

/** Half full: enough to hedge from the first call on. */
export function newBucket(): TokenBucket {
  return { requests: CAPACITY / 2, promptTokens: 0 };
}

/** Each request adds its share of `budget` to the bucket. `promptTokens` is an estimate. */
export function refill(bucket: TokenBucket, request: { budget: number; promptTokens: number }): TokenBucket {
  const { budget, promptTokens } = request;
  return {
    requests: Math.min(CAPACITY, bucket.requests + budget),
    promptTokens: Math.min(CAPACITY * promptTokens, bucket.promptTokens + budget * promptTokens),
  };
}

/**
 * Each extra request is paid in full, as far as there are savings. Failovers are never refused; what they take beyond
 * the savings is forgiven, or an hour of failovers would leave the next one without hedges.
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

/** Tokens may be owed for twenty prompts: savings cannot open half full where prompts differ in size. */
const maxTokenDebt = (request: { promptTokens: number }) => -(CAPACITY / 2) * request.promptTokens;

/** Whether a hedge can be paid for, in requests and in tokens. Over a session both keep to the same share. */
export function canHedge(bucket: TokenBucket, request: { promptTokens: number }): boolean {
  return bucket.requests >= 1 && bucket.promptTokens - request.promptTokens >= maxTokenDebt(request);
}

/** How full the bucket is, 0 to 1. */
export function fillLevel(bucket: TokenBucket): number {
  return Math.min(1, bucket.requests / CAPACITY);
}
