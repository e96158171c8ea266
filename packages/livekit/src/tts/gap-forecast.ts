import { median } from '@firstword/turn/statistics';
import type { TTSTrace } from './tts-trace.js';

/** Turns that a forecast looks back on. */
const MOST_TURNS = 15;

/** A committed turn whose answer has not begun. Times on the session's clock, ms. */
export interface WaitingTurn {
  speechEndedMs: number;
  committedMs: number;
  nowMs: number;
}

/** Predicts a turn's felt gap from the call's own turns so far. */
export class GapForecast {
  readonly #clauseMs: number[] = [];
  readonly #byteMs: number[] = [];

  /** Adds a turn that was answered. */
  learn(trace: TTSTrace, committedMs: number): void {
    const { firstClauseMs, requestedMs, firstByteMs } = trace;
    if (firstClauseMs === undefined) return;
    keep(this.#clauseMs, Math.max(0, firstClauseMs - committedMs));
    if (requestedMs !== undefined && firstByteMs !== undefined) keep(this.#byteMs, firstByteMs - requestedMs);
  }

  /** The gap to come, ms: at least what has passed, and what a voice needs at the median. */
  gapMs({ speechEndedMs, committedMs, nowMs }: WaitingTurn): number {
    const clauseAtMs = Math.max(nowMs, committedMs + usualMs(this.#clauseMs));
    return clauseAtMs - speechEndedMs + usualMs(this.#byteMs);
  }

  /** When the gap to come will be over the limit if nothing of the answer comes, ms from now; 0 where it is already. */
  lateInMs(turn: WaitingTurn & { limitMs: number }): number {
    if (this.gapMs(turn) > turn.limitMs) return 0;
    return turn.speechEndedMs + turn.limitMs - usualMs(this.#byteMs) + 1 - turn.nowMs;
  }
}

function keep(values: number[], value: number): void {
  values.push(value);
  if (values.length > MOST_TURNS) values.shift();
}

/** The median, ms; 0 before the first turn, when nothing is known to take any time. */
const usualMs = (valuesMs: readonly number[]) => median(valuesMs) ?? 0;
