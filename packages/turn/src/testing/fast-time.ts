import { FastTimers } from './fast-timers.js';

/** What is used of vitest's `vi`, which is no dependency of this package. */
export interface FakeTimers {
  useFakeTimers(config: { toFake: ('Date' | 'performance')[]; now: number }): unknown;
  advanceTimersByTime(ms: number): unknown;
  useRealTimers(): unknown;
  isFakeTimers(): boolean;
}

/** Time that has passed at the beginning, ms: a test may place something before it. */
const START_MS = 60_000;

/** Turns of the event loop in which sockets and streams deliver what is due, before time goes on by a millisecond. */
const TURNS_PER_MS = 4;

/** What happens within a millisecond happens one after the other, a little later each. */
const INSTANT_MS = 0.002;

/** @returns the time without the instants */
function countInstants(): () => number {
  const fake = globalThis.performance;
  const { now } = fake;
  let lastMs = 0;
  let instants = 0;
  fake.now = () => {
    const ms = now.call(fake);
    instants = ms === lastMs ? instants + 1 : 0;
    lastMs = ms;
    return ms + Math.min(instants * INSTANT_MS, 1 - INSTANT_MS);
  };
  return () => now.call(fake);
}

/**
 * Lets time pass as fast as this process works: timers, `Date` and `performance` go on by a millisecond whenever the event loop has
 * turned a few times without a timer that is due. Sockets are real. On a busy machine the time passes more slowly, so that no timeout
 * expires because of load.
 *
 * @param vi vitest's
 * @returns a function that restores the real time; it does nothing where time was faked already
 */
export function passTimeFast(vi: FakeTimers): () => void {
  if (vi.isFakeTimers()) return () => {};
  const { setImmediate } = globalThis;
  vi.useFakeTimers({ toFake: ['Date', 'performance'], now: Date.now() });
  vi.advanceTimersByTime(START_MS);
  const timers = new FastTimers(countInstants());
  const uninstall = timers.install();
  let isOver = false;
  let quietTurns = 0;
  const turn = () => {
    if (isOver) return;
    quietTurns = timers.runNext() ? 0 : quietTurns + 1;
    if (quietTurns >= TURNS_PER_MS) {
      quietTurns = 0;
      vi.advanceTimersByTime(1);
    }
    setImmediate(turn);
  };
  setImmediate(turn);
  return () => {
    isOver = true;
    uninstall();
    vi.useRealTimers();
  };
}
