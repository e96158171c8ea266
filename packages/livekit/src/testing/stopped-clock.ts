import { AsyncResource } from 'node:async_hooks';
import { expect, onTestFinished, vi } from 'vitest';

/** The time sources of LiveKit and `systemClock`; promises and sockets stay real. */
const CLOCK = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'] as const;
const STEP_MS = 5;
/** Enough ticks for the work of a step to reach its next timer; longer work continues in the next step. */
const TICKS_A_STEP = 10;
const LONGEST_WAIT_MS = 5_000;

/**
 * Stops the clock for the rest of the test. LiveKit accepts no clock, but uses the global timers for everything, so faking
 * them controls a session's time and no test waits in real time.
 */
export function stopClock(): void {
  if (vi.isFakeTimers()) return;
  vi.useFakeTimers({ toFake: [...CLOCK] });
  const { setTimeout: schedule } = globalThis;
  // Real timers run in the async context in which they were set; speculation is recognized by that context.
  globalThis.setTimeout = ((fn: () => void, ...rest: unknown[]) =>
    Reflect.apply(schedule, globalThis, [AsyncResource.bind(fn), ...rest])) as typeof setTimeout;
  onTestFinished(() => {
    vi.useRealTimers();
  });
}

/** Advances the clock, ms, and runs everything that becomes due. */
export async function pass(durationMs: number): Promise<void> {
  for (let leftMs = durationMs; leftMs > 0; leftMs -= STEP_MS) {
    await vi.advanceTimersByTimeAsync(Math.min(STEP_MS, leftMs));
    await ticks(TICKS_A_STEP);
  }
}

/** Advances the clock until `isSo` no longer throws; fails the test after five seconds of clock time. */
export async function until(isSo: () => void): Promise<void> {
  await settled();
  for (let waitedMs = 0; ; waitedMs += STEP_MS) {
    try {
      return isSo();
    } catch (error) {
      if (waitedMs >= LONGEST_WAIT_MS) throw error;
    }
    await pass(STEP_MS);
  }
}

/** Advances the clock until the promise is settled; returns its result. */
export async function during<T>(promise: Promise<T>): Promise<T> {
  let isSettled = false;
  const settle = () => {
    isSettled = true;
  };
  promise.then(settle, settle);
  await until(() => expect(isSettled).toBe(true));
  return promise;
}

/** Waits until everything that needs no time has run. */
export const settled = () => ticks(30);

async function ticks(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}
