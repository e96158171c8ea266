/**
 * A circuit breaker as plain data. Libraries such as cockatiel read the wall clock and decide inside a wrapper around
 * the call; a router must be able to query the state without making a call.
 */
export type Breaker =
  | { state: 'closed'; failures: number }
  /** No requests until `untilMs`; then one probe is allowed. */
  | { state: 'open'; untilMs: number; openings: number }
  /** A probe is running. If it has no result by `untilMs`, another one is allowed: no probe may block a model for ever. */
  | { state: 'half-open'; untilMs: number; openings: number };

/** When a breaker opens, and for how long. */
export interface BreakerSettings {
  /** Consecutive failures that open the breaker; a late answer counts half. Default 3. */
  threshold: number;
  /** How long it stays open at first, ms; doubled after every failed probe. Default 5000. */
  openMs: number;
  /** Longest time that it stays open, ms. Default 60,000. */
  maxOpenMs: number;
}

/** The default `BreakerSettings`. */
export const DEFAULT_BREAKER: BreakerSettings = { threshold: 3, openMs: 5_000, maxOpenMs: 60_000 };

/** A breaker without failures. */
export const CLOSED: Breaker = { state: 'closed', failures: 0 };

/** Whether a model gets ordinary requests (`allow`), one trial request (`probe`) or none (`block`). */
export function admission(breaker: Breaker, nowMs: number): 'allow' | 'probe' | 'block' {
  if (breaker.state === 'closed') return 'allow';
  return nowMs >= breaker.untilMs ? 'probe' : 'block';
}

/** The state after a request was sent: a probe makes the breaker half-open. */
export function afterSend(breaker: Breaker, nowMs: number, settings: BreakerSettings): Breaker {
  if (breaker.state === 'closed' || nowMs < breaker.untilMs) return breaker;
  return { state: 'half-open', untilMs: nowMs + settings.maxOpenMs, openings: breaker.openings };
}

/** The state after a success: closed. */
export function afterSuccess(): Breaker {
  return CLOSED;
}

/** The state after a request that says nothing about the provider, such as one that was cancelled early. */
export function afterNoVerdict(breaker: Breaker, nowMs: number): Breaker {
  return breaker.state === 'half-open'
    ? { state: 'open', untilMs: nowMs, openings: breaker.openings }
    : breaker;
}

/**
 * The state after another router's breaker for this model has opened: ready for a probe at once. The next request goes to
 * another model, and the probe beside it shows whether the news holds here.
 */
export function afterNews(breaker: Breaker, nowMs: number): Breaker {
  return breaker.state === 'closed' ? { state: 'open', untilMs: nowMs, openings: 0 } : breaker;
}

/**
 * `failed` counts as one failure. `late` counts as half: under load, or with a heavy-tailed model, a few late answers
 * in a row are chance. `permanent` (a refused key, a missing model) opens the breaker at once, for the longest time.
 */
export type Failure = 'failed' | 'late' | 'permanent';

/** The state after a failure. */
export function afterFailure(
  breaker: Breaker,
  failure: { nowMs: number; kind: Failure },
  settings: BreakerSettings,
): Breaker {
  const { nowMs, kind } = failure;
  if (kind === 'permanent') return { state: 'open', untilMs: nowMs + settings.maxOpenMs, openings: 1 };
  if (breaker.state === 'closed') {
    const failures = breaker.failures + (kind === 'late' ? 0.5 : 1);
    if (failures < settings.threshold) return { state: 'closed', failures };
    return { state: 'open', untilMs: nowMs + settings.openMs, openings: 1 };
  }
  const openings = breaker.openings + 1;
  const restMs = Math.min(settings.maxOpenMs, settings.openMs * 2 ** (openings - 1));
  return { state: 'open', untilMs: nowMs + restMs, openings };
}
