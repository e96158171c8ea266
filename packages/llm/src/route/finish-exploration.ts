import { type Attempt, type AttemptEvents, isContent } from './attempt.js';
import type { RouterState } from './router-state.js';
import type { RouteSettings } from './settings.js';

/**
 * Lets an exploration request that lost its race run until its first content or its deadline. If it were cancelled
 * when the winner answered, the router would learn only that the model is slower, not by how much, and a half-open
 * breaker could never close. Call the returned function to cancel it.
 */
export function finishExploration(options: {
  attempt: Attempt;
  state: RouterState;
  settings: RouteSettings;
}): () => void {
  const { attempt, state, settings } = options;
  const { clock, firstContentDeadlineMs } = settings;
  const stopTimer = clock.schedule(attempt.startedMs + firstContentDeadlineMs - clock.nowMs(), () => {
    attempt.end('stopped', clock.nowMs());
    state.recordLostRace(attempt.index, { waitedMs: clock.nowMs() - attempt.startedMs, fair: true });
  });
  const events: AttemptEvents = {
    onEvent(_attempt, event) {
      if (!isContent(event)) return;
      stopTimer();
      state.recordLimits(attempt.index, attempt.chat.trace);
      state.recordFirstContent(
        attempt.index,
        (attempt.chat.trace.marks.firstContent ?? clock.nowMs()) - attempt.startedMs,
      );
      state.recordFinished(attempt.index);
      attempt.end('stopped', clock.nowMs());
    },
    onEnd() {
      stopTimer();
      attempt.end('empty', clock.nowMs());
      state.recordEmpty(attempt.index);
    },
    onFailed(_attempt, error) {
      stopTimer();
      attempt.end('failed', clock.nowMs());
      state.recordFailure(attempt.index, error);
    },
  };
  attempt.handOver(events);
  return () => {
    if (!attempt.active) return;
    stopTimer();
    state.recordAbandoned(attempt.index, clock.nowMs() - attempt.startedMs);
    attempt.end('stopped', clock.nowMs());
  };
}
