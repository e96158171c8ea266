import type { Limit } from '../../trace.js';
import { isRateLimited, type LimitState, NO_LIMITS } from '../ratelimit/headroom.js';

/**
 * What other routers say about a model, and how far this router believes it. It believes once and then looks for itself: a
 * router with wrong news costs a healthy provider one request, or a few seconds, and is then not believed for a while.
 */
export interface PeerState {
  /** When the last request was sent that this router got an answer to, ms. */
  answeredMs: number;
  /** News was believed at `heardMs`, and no request of this router has shown since whether it is true. */
  isUnchecked: boolean;
  heardMs: number;
  /** No news is believed until then, ms. */
  doubtUntilMs: number;
  limits: LimitState;
  /** The limits count until then, ms. */
  limitsUntilMs: number;
}

/** Nothing was heard. */
export const NO_NEWS: PeerState = {
  answeredMs: Number.NEGATIVE_INFINITY,
  isUnchecked: false,
  heardMs: Number.NEGATIVE_INFINITY,
  doubtUntilMs: Number.NEGATIVE_INFINITY,
  limits: NO_LIMITS,
  limitsUntilMs: Number.NEGATIVE_INFINITY,
};

/**
 * Longest time for which another router's rate limit keeps requests away from a model, ms. Then a request of this router's
 * own finds out.
 */
const MAX_LIMITED_MS = 5_000;
/** How long no news is believed after this router has got an answer in spite of it, ms. */
const DOUBT_MS = 30_000;

/** When something was found out, and when it was heard here: now. */
export interface NewsAge {
  nowMs: number;
  ageMs: number;
}

/** Whether to believe news of this age: not if this router has checked, and got an answer, since it was found out. */
export function believes(peer: PeerState, { nowMs, ageMs }: NewsAge): boolean {
  return !peer.isUnchecked && nowMs >= peer.doubtUntilMs && nowMs - ageMs > peer.answeredMs;
}

/** The state after an opened breaker was believed. */
export function afterOpening(peer: PeerState, nowMs: number): PeerState {
  return { ...peer, isUnchecked: true, heardMs: nowMs };
}

/** The state after exhausted limits were believed. */
export function afterLimits(
  peer: PeerState,
  seen: { requests?: Limit; tokens?: Limit; blockedMs?: number },
  { nowMs, ageMs }: NewsAge,
): PeerState {
  const { blockedMs = 0, requests, tokens } = seen;
  const foundMs = nowMs - ageMs;
  const limits: LimitState = {
    ...NO_LIMITS,
    ...(requests ? { requests } : {}),
    ...(tokens ? { tokens } : {}),
    readMs: foundMs,
    blockedUntilMs: foundMs + blockedMs,
  };
  return { ...peer, isUnchecked: true, heardMs: nowMs, limits, limitsUntilMs: foundMs + MAX_LIMITED_MS };
}

/** The state after an answer to a request that was sent at `sentMs`. */
export function afterAnswer(
  peer: PeerState,
  { nowMs, sentMs }: { nowMs: number; sentMs: number },
): PeerState {
  const answeredMs = Math.max(peer.answeredMs, sentMs);
  if (!peer.isUnchecked || sentMs < peer.heardMs) return { ...peer, answeredMs };
  return { ...NO_NEWS, answeredMs, doubtUntilMs: nowMs + DOUBT_MS };
}

/** The state after a failure of this router's own request: its own breaker and limits say the rest. */
export function afterOwnFailure(peer: PeerState): PeerState {
  return peer.isUnchecked ? { ...peer, isUnchecked: false } : peer;
}

/** The state after this router has read rate limits itself: they are newer. */
export function afterOwnLimits(peer: PeerState): PeerState {
  return peer.limits === NO_LIMITS ? peer : { ...peer, limits: NO_LIMITS };
}

/** Whether the provider would probably refuse a request of this size, going by what others say. */
export function isLimitedByNews(peer: PeerState, request: { nowMs: number; tokens: number }): boolean {
  return request.nowMs < peer.limitsUntilMs && isRateLimited(peer.limits, request);
}
