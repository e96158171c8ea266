import type { Limit } from '../../trace.js';

/** Rate-limit state of one model. */
export interface LimitState {
  requests?: Limit;
  tokens?: Limit;
  /** When the limits were last read, ms. */
  readMs: number;
  /** Requests sent since then, and their estimated tokens. */
  sentRequests: number;
  sentTokens: number;
  /** No requests until then, because of a 429 response, ms. */
  blockedUntilMs: number;
}

/** No known limits. */
export const NO_LIMITS: LimitState = {
  readMs: 0,
  sentRequests: 0,
  sentTokens: 0,
  blockedUntilMs: Number.NEGATIVE_INFINITY,
};

/** Pause after a 429 response without `retry-after`, ms. */
const DEFAULT_RETRY_AFTER_MS = 2_000;
/**
 * Longest pause after a 429 response, ms. A longer `retry-after` may come from a quota that is raised meanwhile, or from a
 * wrong clock; after this pause one request shows whether it still holds.
 */
const MAX_RETRY_AFTER_MS = 60_000;

/** The state after a request was sent. */
export function afterSend(limits: LimitState, request: { tokens: number }): LimitState {
  return {
    ...limits,
    sentRequests: limits.sentRequests + 1,
    sentTokens: limits.sentTokens + request.tokens,
  };
}

/**
 * The state after response headers: the new limits replace the old ones and the local counts. A limit that is no longer
 * reported is dropped: with the new `readMs` it would never reach its reset.
 */
export function afterHeaders(
  limits: LimitState,
  seen: { requests?: Limit; tokens?: Limit },
  nowMs: number,
): LimitState {
  const { blockedUntilMs } = limits;
  return { ...seen, blockedUntilMs, readMs: nowMs, sentRequests: 0, sentTokens: 0 };
}

/** The state after a 429 response. */
export function afterRefusal(
  limits: LimitState,
  nowMs: number,
  retryAfterMs: number | undefined,
): LimitState {
  const pauseMs = Math.min(retryAfterMs ?? DEFAULT_RETRY_AFTER_MS, MAX_RETRY_AFTER_MS);
  return { ...limits, blockedUntilMs: nowMs + pauseMs };
}

function wouldExceed(limit: Limit | undefined, used: number, needed: number, sinceMs: number): boolean {
  if (!limit) return false;
  // A limit without a reset time is trusted for a minute.
  if (sinceMs >= (limit.resetMs ?? 60_000)) return false;
  // The provider refills the limit continuously: add what has come back by now.
  const refill =
    limit.limit !== undefined && limit.resetMs
      ? (limit.limit - limit.remaining) * (sinceMs / limit.resetMs)
      : 0;
  return limit.remaining + refill - used < needed;
}

/** With less than a tenth of a limit left, others should know. */
const LOW_SHARE = 0.1;
/** The same where the size of the limit is not reported: requests. */
const FEW_REQUESTS = 10;
/** The same in tokens: a few prompts of a voice agent. */
const FEW_TOKENS = 10_000;

const isLow = (limit: Limit | undefined, few: number) =>
  limit !== undefined && limit.remaining < (limit.limit === undefined ? few : limit.limit * LOW_SHARE);

/** Whether limits from response headers are nearly exhausted. */
export function isRunningLow(seen: { requests?: Limit; tokens?: Limit }): boolean {
  return isLow(seen.requests, FEW_REQUESTS) || isLow(seen.tokens, FEW_TOKENS);
}

/** Whether the provider would probably refuse a request of this size now. */
export function isRateLimited(limits: LimitState, request: { nowMs: number; tokens: number }): boolean {
  const { nowMs, tokens } = request;
  if (nowMs < limits.blockedUntilMs) return true;
  const sinceMs = nowMs - limits.readMs;
  return (
    wouldExceed(limits.requests, limits.sentRequests, 1, sinceMs) ||
    wouldExceed(limits.tokens, limits.sentTokens, tokens, sinceMs)
  );
}
