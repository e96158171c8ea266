import { median } from '@firstword/turn/statistics';
import type { TTSTrace } from './tts-trace.js';

/** Number of turns that a forecast is based on. */
const MOST_TURNS = 15;

/** A committed turn whose answer has not started. Times on the session's clock, ms. */
export interface WaitingTurn {
  speechEndedMs: number;
  committedMs: number;
  nowMs: number;
}

/** Predicts a turn's felt gap from the call's earlier turns. */
export class GapForecast {
  readonly #clauseMs: number[] = [];
  readonly #byteMs: number[] = [];

  /** Adds an answered turn. */
  learn(trace: TTSTrace, committedMs: number): void {
    const { firstClauseMs, requestedMs, firstByteMs } = trace;
    if (firstClauseMs === undefined) return;
    keep(this.#clauseMs, Math.max(0, firstClauseMs - committedMs));
    if (requestedMs !== undefined && firstByteMs !== undefined) keep(this.#byteMs, firstByteMs - requestedMs);
  }

  /** The predicted gap, ms: at least the time passed so far, plus the median time to first byte of the TTS. */
  gapMs({ speechEndedMs, committedMs, nowMs }: WaitingTurn): number {
    const clauseAtMs = Math.max(nowMs, committedMs + usualMs(this.#clauseMs));
    return clauseAtMs - speechEndedMs + usualMs(this.#byteMs);
  }

  /** Time until the predicted gap exceeds the limit if nothing of the answer arrives, ms; 0 if it does already. */
  lateInMs(turn: WaitingTurn & { limitMs: number }): number {
    if (this.gapMs(turn) > turn.limitMs) return 0;
    return turn.speechEndedMs + turn.limitMs - usualMs(this.#byteMs) + 1 - turn.nowMs;
  }
}

function keep(values: number[], value: number): void {
  values.push(value);
  if (values.length > MOST_TURNS) values.shift();
}

/** The median, ms; 0 before the first turn. */
const usualMs = (valuesMs: readonly number[]) => median(valuesMs) ?? 0;
