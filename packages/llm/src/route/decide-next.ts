import { type FailoverDecision, nextAttempt } from '../policy/failover/next-attempt.js';
import type { Attempt } from './attempt.js';
import type { RouteSettings } from './settings.js';

/**
 * Asks the failover policy what to do next. An attempt that only lost its race, or only measures, does not count as
 * tried.
 * @param order models in the order in which to try them
 */
export function decideNext(attempts: Attempt[], order: number[], settings: RouteSettings): FailoverDecision {
  const { clock, maxAttempts, maxRetryWaitMs } = settings;
  return nextAttempt({
    order,
    attempts: attempts
      .filter(({ lostRace, handedOver }) => !lostRace && !handedOver)
      .map(({ index, state, endedMs, error }) => ({
        model: index,
        state: state === 'stopped' ? ('late' as const) : state,
        ...(endedMs === undefined ? {} : { endedMs }),
        retryable: (error as { retryable?: boolean } | undefined)?.retryable ?? false,
        retryAfterMs: (error as { retryAfterMs?: number } | undefined)?.retryAfterMs,
      })),
    nowMs: clock.nowMs(),
    maxAttempts,
    maxWaitMs: maxRetryWaitMs,
  });
}
