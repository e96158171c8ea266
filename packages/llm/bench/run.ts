import type { BenchFigure } from './figures.js';

/** Settings of a bench run. */
export interface BenchRun {
  seed: number;
  /** Fewer samples: a few minutes for all benches, with wider intervals. */
  quick: boolean;
  /** Overrides the bench's own number of requests. */
  requests: number | undefined;
  /** Parallel calls, for benches that have several. */
  calls: number | undefined;
  idleMs: number | undefined;
  /** Fires on Ctrl-C: the bench stops and returns the values it has. */
  signal: AbortSignal;
  /** Reports the completed part, 0 to 1. */
  progress(share: number): void;
}

/** One bench of this package. */
export interface Bench {
  /** One line for `--help`. */
  about: string;
  /** Duration in full and with `--quick`, s; for the estimate of the remaining time. */
  seconds: [full: number, quick: number];
  /** @throws Unavailable when this machine cannot run it */
  run(run: BenchRun): Promise<BenchFigure[]>;
}

/** The bench cannot run on this machine; this is no failed measurement. */
export class Unavailable extends Error {}

/** Resolves early, and without an error, when the signal fires. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}
