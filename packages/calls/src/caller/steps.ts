/** The state of the caller. `turn` is the index of a line; `attempt` counts from 1. */
export type CallerState =
  /** Waits for the greeting to end, if there is one. */
  | { phase: 'greeting'; sinceMs: number }
  | { phase: 'speaking'; turn: number; attempt: number; untilMs: number }
  /** Has spoken the line, and has not heard an answer yet. */
  | { phase: 'waiting'; turn: number; attempt: number; sinceMs: number }
  | { phase: 'listening'; turn: number; attempt: number; firstAudibleMs: number }
  /** Pauses before the next line; `after` is the turn that was answered, if any. */
  | { phase: 'pausing'; turn: number; attempt: number; sinceMs: number; untilMs: number; after?: number }
  | { phase: 'done' };

/** What the caller observes at one moment. */
export interface CallerObservation {
  nowMs: number;
  /** First agent sound since the beginning of the state (since the end of the line, when waiting). */
  firstAudibleMs: number | undefined;
  /** End of the last agent sound. */
  lastAudibleMs: number | undefined;
  /** The transport has nothing left to play. */
  playoutEmpty: boolean;
}

/** Timing of the caller. All in ms, except `attempts`. */
export interface CallerBehavior {
  /** An answer has ended after this much silence; default 700. */
  answerOverMs: number;
  /** Without an answer for this long, the attempt counts as lost; default 8000. */
  lostAfterMs: number;
  /** An answer longer than this is not waited for; default 60 000. */
  longestAnswerMs: number;
  /** Speaks first when no greeting has started within this; default 4000. */
  greetingWaitMs: number;
  /** How often a line is spoken before the turn counts as lost; default 2. */
  attempts: number;
}

/** The properties of a call that decisions depend on. */
export interface CallerPlan {
  lineCount: number;
  behavior: CallerBehavior;
  /** Duration of a line, ms. */
  lineMs(turn: number): number;
  /** Pause before a line, ms. */
  pauseMs(turn: number): number;
  /** Delay of a barge-in after the start of the previous answer, ms; `undefined` for a line that waits. */
  bargeInAfterMs(turn: number): number | undefined;
}

function speak(plan: CallerPlan, turn: number, attempt: number, nowMs: number): CallerState {
  return { phase: 'speaking', turn, attempt, untilMs: nowMs + plan.lineMs(turn) };
}

function pause(
  plan: CallerPlan,
  to: { turn: number; attempt: number; after?: number },
  nowMs: number,
): CallerState {
  if (to.turn >= plan.lineCount) return { phase: 'done' };
  return { phase: 'pausing', ...to, sinceMs: nowMs, untilMs: nowMs + plan.pauseMs(to.turn) };
}

function isOver(observed: CallerObservation, answerOverMs: number): boolean {
  return observed.playoutEmpty && observed.nowMs - (observed.lastAudibleMs ?? -Infinity) >= answerOverMs;
}

function stepGreeting(
  state: CallerState & { phase: 'greeting' },
  observed: CallerObservation,
  plan: CallerPlan,
): CallerState {
  const { behavior } = plan;
  const waitedMs = observed.nowMs - state.sinceMs;
  const begun = observed.lastAudibleMs !== undefined;
  const isTime = begun
    ? isOver(observed, behavior.answerOverMs) || waitedMs >= behavior.longestAnswerMs
    : waitedMs >= behavior.greetingWaitMs;
  return isTime ? pause(plan, { turn: 0, attempt: 1 }, observed.nowMs) : state;
}

function stepWaiting(
  state: CallerState & { phase: 'waiting' },
  observed: CallerObservation,
  plan: CallerPlan,
): CallerState {
  const { turn, attempt } = state;
  if (observed.firstAudibleMs !== undefined) {
    return { phase: 'listening', turn, attempt, firstAudibleMs: observed.firstAudibleMs };
  }
  if (observed.nowMs - state.sinceMs < plan.behavior.lostAfterMs) return state;
  const again = attempt < plan.behavior.attempts;
  return pause(plan, again ? { turn, attempt: attempt + 1 } : { turn: turn + 1, attempt: 1 }, observed.nowMs);
}

function stepListening(
  state: CallerState & { phase: 'listening' },
  observed: CallerObservation,
  plan: CallerPlan,
): CallerState {
  const { turn, firstAudibleMs } = state;
  const heardMs = observed.nowMs - firstAudibleMs;
  const bargeInAfterMs = turn + 1 < plan.lineCount ? plan.bargeInAfterMs(turn + 1) : undefined;
  if (bargeInAfterMs !== undefined && heardMs >= bargeInAfterMs) {
    return speak(plan, turn + 1, 1, observed.nowMs);
  }
  if (!isOver(observed, plan.behavior.answerOverMs) && heardMs < plan.behavior.longestAnswerMs) return state;
  return pause(plan, { turn: turn + 1, attempt: 1, after: turn }, observed.nowMs);
}

function stepPausing(
  state: CallerState & { phase: 'pausing' },
  observed: CallerObservation,
  plan: CallerPlan,
): CallerState {
  const { turn, attempt, after } = state;
  const { nowMs, firstAudibleMs } = observed;
  if (firstAudibleMs !== undefined && attempt > 1) {
    // The answer arrived just before the line would have been repeated.
    return { phase: 'listening', turn, attempt: attempt - 1, firstAudibleMs };
  }
  if (firstAudibleMs !== undefined) {
    // The agent speaks again: wait until it has finished.
    const untilMs = nowMs + plan.behavior.answerOverMs;
    return {
      phase: 'pausing',
      turn,
      attempt,
      sinceMs: nowMs,
      untilMs,
      ...(after === undefined ? {} : { after }),
    };
  }
  return nowMs < state.untilMs ? state : speak(plan, turn, attempt, nowMs);
}

/** The next state of the caller. Pure. */
export function step(state: CallerState, observed: CallerObservation, plan: CallerPlan): CallerState {
  switch (state.phase) {
    case 'greeting':
      return stepGreeting(state, observed, plan);
    case 'speaking':
      return observed.nowMs < state.untilMs
        ? state
        : { phase: 'waiting', turn: state.turn, attempt: state.attempt, sinceMs: state.untilMs };
    case 'waiting':
      return stepWaiting(state, observed, plan);
    case 'listening':
      return stepListening(state, observed, plan);
    case 'pausing':
      return stepPausing(state, observed, plan);
    case 'done':
      return state;
  }
}
