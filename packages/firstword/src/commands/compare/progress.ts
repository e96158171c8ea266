import type { SpokenCall } from '@firstword/calls';

/** Measured durations besides the caller's lines, ms: an answer with the pauses around it, and the greeting. */
const ANSWER_MS = 6500;
const GREETING_MS = 5000;

/** Expected duration of a call, ms: calls run in real time. */
export function expectedCallMs({ clips }: Pick<SpokenCall, 'clips'>): number {
  const spokenMs = clips.reduce((sum, { samples }) => sum + samples.length / 16, 0);
  return GREETING_MS + spokenMs + clips.length * ANSWER_MS;
}

/** A duration as short text, such as `45 s`, `5 min` or `2.5 h`. */
export function approximateDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}

/** Remaining time of a run, from the expected and the actual durations of its calls. */
export class ComparisonProgress {
  #totalMs: number;
  #expectedMs = 0;
  #tookMs = 0;

  /** @param totalMs expected duration of all calls */
  constructor(totalMs: number) {
    this.#totalMs = totalMs;
  }

  /** Removes calls that will not be played. */
  skip(expectedMs: number): void {
    this.#totalMs -= expectedMs;
  }

  /** Records a finished call. */
  done(expectedMs: number, tookMs: number): void {
    this.#expectedMs += expectedMs;
    this.#tookMs += tookMs;
  }

  /** Remaining time at the pace so far, ms. */
  get leftMs(): number {
    const pace = this.#expectedMs === 0 ? 1 : this.#tookMs / this.#expectedMs;
    return Math.max(0, this.#totalMs - this.#expectedMs) * pace;
  }
}
