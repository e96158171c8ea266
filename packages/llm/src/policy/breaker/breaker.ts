/**
 * A circuit breaker as plain data: cockatiel's would do, but it reads the wall clock and decides inside its own
 * wrapper, while a router needs to ask without calling.
 */
export type Breaker =
  | { state: 'closed'; failures: number }
  /** Left alone until then; afterwards one request may probe it. */
  | { state: 'open'; untilMs: number; openings: number }
  | { state: 'half-open'; openings: number };

export interface BreakerSettings {
  /** Failures in a row that open it. */
  threshold: number;
  /** First rest, ms; doubled on every failed probe. */
  openMs: number;
  /** Longest rest, ms. */
  maxOpenMs: number;
}

export const DEFAULT_BREAKER: BreakerSettings = { threshold: 3, openMs: 5_000, maxOpenMs: 60_000 };

export const CLOSED: Breaker = { state: 'closed', failures: 0 };

/** Whether the breaker lets an ordinary request through, wants a probe, or rests. */
export function admission(breaker: Breaker, nowMs: number): 'allow' | 'probe' | 'block' {
  if (breaker.state === 'closed') return 'allow';
  if (breaker.state === 'half-open') return 'block';
  return nowMs >= breaker.untilMs ? 'probe' : 'block';
}

/** A request was sent. */
export function afterSend(breaker: Breaker, nowMs: number): Breaker {
  return admission(breaker, nowMs) === 'probe'
    ? { state: 'half-open', openings: (breaker as { openings: number }).openings }
    : breaker;
}

export function afterSuccess(): Breaker {
  return CLOSED;
}

/** The request ended with no verdict: it was cancelled before anything could be said of the provider. */
export function afterNoVerdict(breaker: Breaker, nowMs: number): Breaker {
  return breaker.state === 'half-open'
    ? { state: 'open', untilMs: nowMs, openings: breaker.openings }
    : breaker;
}

/**
 * `failed` counts whole. `late` counts half: under load, or on a heavy-tailed model, a few late answers in a row are
 * chance. `final` means that asking again cannot help (a refused key, a model that is gone): it opens at once, for the
 * longest rest.
 */
export type Failure = 'failed' | 'late' | 'permanent';

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
