import type { SpokenCall } from '@firstword/calls';

/** What a call takes beside the lines themselves, ms, as measured: an answer and the pauses around it, and a greeting. */
const ANSWER_MS = 6500;
const GREETING_MS = 5000;

/** How long a call takes about, ms: people and agents take turns at the pace of speech. */
export function expectedMs({ clips }: Pick<SpokenCall, 'clips'>): number {
  const spokenMs = clips.reduce((sum, { samples }) => sum + samples.length / 16, 0);
  return GREETING_MS + spokenMs + clips.length * ANSWER_MS;
}

/** A time, as people say it. */
export function roughly(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}

/** How far a run is, by how long its calls should take and how long they did. */
export class Progress {
  #totalMs: number;
  #expectedMs = 0;
  #tookMs = 0;

  /** @param totalMs that all calls are expected to take */
  constructor(totalMs: number) {
    this.#totalMs = totalMs;
  }

  /** Calls that will not be made after all. */
  skip(expectedMs: number): void {
    this.#totalMs -= expectedMs;
  }

  /** A call is over. */
  done(expectedMs: number, tookMs: number): void {
    this.#expectedMs += expectedMs;
    this.#tookMs += tookMs;
  }

  /** What is left, ms, at the pace so far. */
  get leftMs(): number {
    const pace = this.#expectedMs === 0 ? 1 : this.#tookMs / this.#expectedMs;
    return Math.max(0, this.#totalMs - this.#expectedMs) * pace;
  }
}
