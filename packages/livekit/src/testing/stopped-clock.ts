import { AsyncResource } from 'node:async_hooks';
import { expect, onTestFinished, vi } from 'vitest';

/** What LiveKit and `systemClock` tell the time by; promises and sockets run as ever. */
const CLOCK = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'] as const;
const STEP_MS = 5;
/** Enough for what a step sets off to reach the next timer; what takes longer goes on in the next step. */
const TICKS_A_STEP = 10;
const LONGEST_WAIT_MS = 5_000;

/**
 * Stops the clock for the rest of the test. LiveKit takes none, but tells all its time by the global timers: time passes
 * for a session only where a test lets it, and no test waits.
 */
export function stopClock(): void {
  if (vi.isFakeTimers()) return;
  vi.useFakeTimers({ toFake: [...CLOCK] });
  const { setTimeout: schedule } = globalThis;
  // Real timers run in the async context that they were set in; what is made early is told by it.
  globalThis.setTimeout = ((fn: () => void, ...rest: unknown[]) =>
    Reflect.apply(schedule, globalThis, [AsyncResource.bind(fn), ...rest])) as typeof setTimeout;
  onTestFinished(() => {
    vi.useRealTimers();
  });
}

/** Lets time pass, ms, and everything happen that comes of it. */
export async function pass(durationMs: number): Promise<void> {
  for (let leftMs = durationMs; leftMs > 0; leftMs -= STEP_MS) {
    await vi.advanceTimersByTimeAsync(Math.min(STEP_MS, leftMs));
    await ticks(TICKS_A_STEP);
  }
}

/** Lets time pass until it is so; fails the test after five seconds of it. */
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

/** Lets time pass until the promise is settled; its result. */
export async function during<T>(promise: Promise<T>): Promise<T> {
  let isSettled = false;
  const settle = () => {
    isSettled = true;
  };
  promise.then(settle, settle);
  await until(() => expect(isSettled).toBe(true));
  return promise;
}

/** Everything that can happen without time passing has happened. */
export const settled = () => ticks(30);

async function ticks(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}
