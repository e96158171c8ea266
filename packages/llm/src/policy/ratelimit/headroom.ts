import type { Limit } from '../../trace.js';

/** What is known of one model's limits. */
export interface LimitState {
  requests?: Limit;
  tokens?: Limit;
  /** When the limits were read, ms. */
  readMs: number;
  /** Requests sent since, and their estimated tokens. */
  sentRequests: number;
  sentTokens: number;
  /** Asked to be left alone until then (429 with retry-after), ms. */
  blockedUntilMs: number;
}

export const NO_LIMITS: LimitState = {
  readMs: 0,
  sentRequests: 0,
  sentTokens: 0,
  blockedUntilMs: Number.NEGATIVE_INFINITY,
};

/** Rest after a 429 that does not say how long, ms. */
const DEFAULT_RETRY_AFTER_MS = 2_000;

export function afterSend(limits: LimitState, request: { tokens: number }): LimitState {
  return {
    ...limits,
    sentRequests: limits.sentRequests + 1,
    sentTokens: limits.sentTokens + request.tokens,
  };
}

/** Fresh headers replace what was counted since the last ones. */
export function afterHeaders(
  limits: LimitState,
  seen: { requests?: Limit; tokens?: Limit },
  nowMs: number,
): LimitState {
  return { ...limits, ...seen, readMs: nowMs, sentRequests: 0, sentTokens: 0 };
}

export function afterRefusal(
  limits: LimitState,
  nowMs: number,
  retryAfterMs: number | undefined,
): LimitState {
  return { ...limits, blockedUntilMs: nowMs + (retryAfterMs ?? DEFAULT_RETRY_AFTER_MS) };
}

function wouldExceed(limit: Limit | undefined, used: number, needed: number, sinceMs: number): boolean {
  if (!limit) return false;
  // A limit that does not say when it refills is believed for a minute.
  if (sinceMs >= (limit.resetMs ?? 60_000)) return false;
  // Tokens and requests trickle back in while they wait: count what has come back by now.
  const refill =
    limit.limit !== undefined && limit.resetMs
      ? (limit.limit - limit.remaining) * (sinceMs / limit.resetMs)
      : 0;
  return limit.remaining + refill - used < needed;
}

/** Whether a request of this size would probably be refused now. */
export function isRateLimited(limits: LimitState, request: { nowMs: number; tokens: number }): boolean {
  const { nowMs, tokens } = request;
  if (nowMs < limits.blockedUntilMs) return true;
  const sinceMs = nowMs - limits.readMs;
  return (
    wouldExceed(limits.requests, limits.sentRequests, 1, sinceMs) ||
    wouldExceed(limits.tokens, limits.sentTokens, tokens, sinceMs)
  );
}
