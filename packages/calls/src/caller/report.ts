import type { CallerObservation, CallerState } from './steps.js';

/** What the caller knows of one turn: the truth that records and tapes are held against. Times on the shared clock. */
export interface CallerTurn {
  /** From 1, as in turn records. */
  turn: number;
  outcome: 'answered' | 'lost';
  /** How often the line was said. */
  attempts: number;
  /** Moment of the last speech sample, as sent, the last time the line was said. */
  speechEndedMs: number;
  /** First audible agent sample after that. */
  firstAudibleMs?: number;
  /** `firstAudibleMs − speechEndedMs`. */
  gapMs?: number;
  /** The agent was heard while the line was being said. Expected where `bargedIn`. */
  spokenOver: boolean;
  /** The line was said over the answer before it. */
  bargedIn: boolean;
  /** Times the agent began again after its answer was over, before the caller spoke again. */
  extraAnswers: number;
}

export interface CallReport {
  turns: CallerTurn[];
  lost: number;
  /** Turns with extra answers. */
  answeredTwice: number;
}

/** Sound in a pause that follows other sound this closely is part of it. */
const SAME_SOUND_MS = 500;
/** No answer to a line comes this soon after it: what does had begun in one of its pauses, and speaks on into it. */
const LEFT_OVER_MS = 100;

/** Turns the caller's steps into a report. */
export class CallReporter {
  readonly #turns: CallerTurn[] = [];
  readonly #onTurn: ((turn: CallerTurn) => void) | undefined;
  #lastExtraMs = -Infinity;
  #line = { spokenOver: false, bargedIn: false, speechEndedMs: 0 };

  constructor(onTurn?: (turn: CallerTurn) => void) {
    this.#onTurn = onTurn;
  }

  /** @param observed what the step was decided on */
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

  /** Sound in a pause: a new answer only if it came after silence, not the next frame of the same. */
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
