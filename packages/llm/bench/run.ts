import type { BenchFigure } from './figures.js';

/** What a bench is told. */
export interface BenchRun {
  seed: number;
  /** A few minutes for everything, at wider intervals. */
  quick: boolean;
  /** Overrides the bench's own number of requests. */
  requests: number | undefined;
  /** Calls at a time, where a bench has several. */
  calls: number | undefined;
  idleMs: number | undefined;
  /** On Ctrl-C a bench stops asking and gives the figures it has. */
  signal: AbortSignal;
  /** How much of it is done, 0 to 1. */
  progress(share: number): void;
}

export interface Bench {
  /** One line for `--help`. */
  about: string;
  /** How long it takes, s: in full, and with `--quick`. For the time that is left. */
  seconds: [full: number, quick: number];
  /** @throws Unavailable when this machine cannot run it */
  run(run: BenchRun): Promise<BenchFigure[]>;
}

/** A bench that cannot run here, through no fault of what it measures. */
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
