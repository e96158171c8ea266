/** What the caller is doing. A turn is the index of a line; `attempt` counts from 1. */
export type CallerState =
  /** Listens to the greeting, if there is one. */
  | { phase: 'greeting'; sinceMs: number }
  | { phase: 'speaking'; turn: number; attempt: number; untilMs: number }
  /** Said it, and nothing was heard since. */
  | { phase: 'waiting'; turn: number; attempt: number; sinceMs: number }
  | { phase: 'listening'; turn: number; attempt: number; firstAudibleMs: number }
  /** Draws breath before the line to come; `after` is the turn that was answered, if any. */
  | { phase: 'pausing'; turn: number; attempt: number; sinceMs: number; untilMs: number; after?: number }
  | { phase: 'done' };

/** What the caller knows at one moment. */
export interface CallerObservation {
  nowMs: number;
  /** First agent sound since the state's own beginning (the end of the line, when waiting). */
  firstAudibleMs: number | undefined;
  /** End of the last agent sound. */
  lastAudibleMs: number | undefined;
  /** The transport has nothing left to play. */
  playoutEmpty: boolean;
}

/** How patient the caller is. All in ms, but `attempts`. */
export interface CallerBehavior {
  /** An answer is over after this much silence. */
  answerOverMs: number;
  /** No answer after this long is a lost turn. */
  lostAfterMs: number;
  /** An answer that never ends is left at this. */
  longestAnswerMs: number;
  /** Speaks first when no greeting came within this. */
  greetingWaitMs: number;
  /** How often a line is said before it is given up. */
  attempts: number;
}

/** The call's facts that decisions need. */
export interface CallerPlan {
  lineCount: number;
  behavior: CallerBehavior;
  /** Length of a line, spoken. */
  lineMs(turn: number): number;
  /** The human pause before a line. */
  pauseMs(turn: number): number;
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

function greeted(
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

function waited(
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

function listened(
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

function paused(
  state: CallerState & { phase: 'pausing' },
  observed: CallerObservation,
  plan: CallerPlan,
): CallerState {
  const { turn, attempt, after } = state;
  const { nowMs, firstAudibleMs } = observed;
  if (firstAudibleMs !== undefined && attempt > 1) {
    // The answer came after all, just before the line was to be said again.
    return { phase: 'listening', turn, attempt: attempt - 1, firstAudibleMs };
  }
  if (firstAudibleMs !== undefined) {
    // The agent has more to say: nobody talks over that.
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

/** What the caller does next. Pure: the same state and observed give the same step. */
export function step(state: CallerState, observed: CallerObservation, plan: CallerPlan): CallerState {
  switch (state.phase) {
    case 'greeting':
      return greeted(state, observed, plan);
    case 'speaking':
      return observed.nowMs < state.untilMs
        ? state
        : { phase: 'waiting', turn: state.turn, attempt: state.attempt, sinceMs: state.untilMs };
    case 'waiting':
      return waited(state, observed, plan);
    case 'listening':
      return listened(state, observed, plan);
    case 'pausing':
      return paused(state, observed, plan);
    case 'done':
      return state;
  }
}
