import type { RequestContext } from '../policy/latency/window.js';
import type { Attempt } from './attempt.js';
import type { RouterState } from './router-state.js';

/** An attempt, and when something was learned from it. */
interface Observed {
  attempt: Attempt;
  state: RouterState;
  nowMs: number;
  context: RequestContext;
}

/** Records when the first content of an attempt arrived, once. */
export function recordFirstContent({ attempt, state, nowMs, context }: Observed): void {
  if (attempt.record.firstContentMs !== undefined) return;
  const { firstContent, llmRequested } = attempt.chat.trace.marks;
  attempt.record.firstContentMs = firstContent ?? nowMs;
  const ttftMs = (firstContent ?? nowMs) - (llmRequested ?? attempt.startedMs);
  state.recordFirstContent(attempt.index, ttftMs, context);
}

/** Records an attempt that lost: to another one, or to the clock. `fair`: it had started no later than the winner. */
export function recordLoss({ attempt, state, nowMs, context, fair }: Observed & { fair: boolean }): void {
  if (attempt.record.firstContentMs !== undefined) state.recordStall(attempt.index);
  else state.recordLostRace(attempt.index, { waitedMs: nowMs - attempt.startedMs, fair }, context);
}

/** Records an attempt whose reader has left. */
export function recordLeft({ attempt, state, nowMs, context }: Observed): void {
  if (attempt.hasContent) state.recordFinished(attempt.index);
  else state.recordAbandoned(attempt.index, nowMs - attempt.startedMs, context);
}

/** Records the rate limits from the attempt's response headers, once. */
export function recordLimits(attempt: Attempt, state: RouterState): void {
  if (!attempt.headersRead) state.recordLimits(attempt.index, attempt.chat.trace);
  attempt.headersRead = true;
}
