import type { CallerObservation, CallerState } from './steps.js';

/** One turn as the caller experienced it. Times in ms on the shared clock. */
export interface CallerTurn {
  /** From 1, as in turn records. */
  turn: number;
  outcome: 'answered' | 'lost';
  /** How often the line was spoken. */
  attempts: number;
  /** Time of the last speech sample sent, of the last attempt. */
  speechEndedMs: number;
  /** First audible agent sample after that. */
  firstAudibleMs?: number;
  /** `firstAudibleMs − speechEndedMs`. */
  gapMs?: number;
  /** The agent was audible while the line was spoken. Expected where `bargedIn`. */
  spokenOver: boolean;
  /** The line was spoken over the previous answer. */
  bargedIn: boolean;
  /** How often the agent started again after its answer had ended, before the caller's next line. */
  extraAnswers: number;
}

/** A call as the caller experienced it. */
export interface CallReport {
  turns: CallerTurn[];
  /** Turns without an answer. */
  lost: number;
  /** Turns with extra answers. */
  answeredTwice: number;
}

/** Sound within this time after other sound belongs to it, ms. */
const SAME_SOUND_MS = 500;
/** Sound this soon after a line is not its answer: it started during a pause of the line and continues past its end, ms. */
const LEFT_OVER_MS = 100;

/** Builds the report of a call from the caller's state transitions. */
export class CallReporter {
  readonly #turns: CallerTurn[] = [];
  readonly #onTurn: ((turn: CallerTurn) => void) | undefined;
  #lastExtraMs = -Infinity;
  #line = { spokenOver: false, bargedIn: false, speechEndedMs: 0 };

  constructor(onTurn?: (turn: CallerTurn) => void) {
    this.#onTurn = onTurn;
  }

  /**
   * Records a transition.
   * @param observed what the transition was based on
   */
  record(before: CallerState, after: CallerState, observed: CallerObservation): void {
    if (before.phase === 'speaking') {
      this.#line.spokenOver = observed.firstAudibleMs !== undefined;
      this.#line.speechEndedMs = before.untilMs;
    }
    if (before.phase === 'listening') this.#end(before, 'answered', before.firstAudibleMs);
    if (before.phase === 'waiting' && after.phase !== 'listening') {
      const saidAgain = after.phase === 'pausing' && after.turn === before.turn;
      if (!saidAgain) this.#end(before, 'lost');
    }
    if (before.phase === 'pausing' && after.phase === 'pausing') this.#extra(before, observed);
    if (after.phase === 'speaking') this.#line.bargedIn = before.phase === 'listening';
  }

  /** The report of the turns that have ended. */
  report(): CallReport {
    return {
      turns: this.#turns.map((turn) => ({ ...turn })),
      lost: this.#turns.filter((turn) => turn.outcome === 'lost').length,
      answeredTwice: this.#turns.filter((turn) => turn.extraAnswers > 0).length,
    };
  }

  #end(
    state: { turn: number; attempt: number },
    outcome: CallerTurn['outcome'],
    firstAudibleMs?: number,
  ): void {
    const { speechEndedMs } = this.#line;
    const turn: CallerTurn = {
      turn: state.turn + 1,
      outcome,
      attempts: state.attempt,
      ...this.#line,
      ...(firstAudibleMs === undefined ? {} : { firstAudibleMs, gapMs: firstAudibleMs - speechEndedMs }),
      extraAnswers: 0,
    };
    this.#turns.push(turn);
    this.#onTurn?.({ ...turn });
  }

  /** Handles sound in a pause. It is an additional answer only if it follows silence, not the next frame of the same sound. */
  #extra(before: CallerState & { phase: 'pausing' }, { nowMs, firstAudibleMs }: CallerObservation): void {
    const last = this.#turns.at(-1);
    const answered = before.after !== undefined && last?.outcome === 'answered';
    const isNew = nowMs - this.#lastExtraMs >= SAME_SOUND_MS;
    this.#lastExtraMs = nowMs;
    if (!answered || !isNew) return;
    const isLeftOver = last.spokenOver && !last.bargedIn && last.gapMs! < LEFT_OVER_MS;
    if (!isLeftOver || firstAudibleMs === undefined) last.extraAnswers += 1;
    else {
      last.firstAudibleMs = firstAudibleMs;
      last.gapMs = firstAudibleMs - last.speechEndedMs;
    }
  }
}
