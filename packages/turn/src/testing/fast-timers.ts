import { AsyncResource } from 'node:async_hooks';
import { createRequire, syncBuiltinESMExports } from 'node:module';

type Callback = (...args: unknown[]) => void;

interface WaitOptions {
  signal?: AbortSignal;
}

/** A timer of `FastTimers`, with what a timer of Node can do. */
class FastTimer {
  readonly #timers: FastTimers;
  readonly #delayMs: number;
  readonly repeats: boolean;
  readonly run: () => void;
  dueMs = 0;

  constructor(timers: FastTimers, options: { delayMs: number; repeats: boolean; run: () => void }) {
    this.#timers = timers;
    this.#delayMs = options.delayMs;
    this.repeats = options.repeats;
    this.run = options.run;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }

  refresh(): this {
    this.#timers.start(this, this.#delayMs);
    return this;
  }

  close(): this {
    this.#timers.stop(this);
    return this;
  }
}

/**
 * Timers on a clock of the test. As those of Node, they run in the async context in which they were set, one after the other with the
 * promises in between, and none without a delay of a millisecond.
 */
export class FastTimers {
  readonly #nowMs: () => number;
  #running: FastTimer[] = [];

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  start(timer: FastTimer, delayMs: number): void {
    this.stop(timer);
    timer.dueMs = this.#nowMs() + delayMs;
    this.#running.push(timer);
  }

  stop(timer: unknown): void {
    this.#running = this.#running.filter((one) => one !== timer);
  }

  /** Runs the timer that has been due for longest. @returns whether there was one */
  runNext(): boolean {
    const nowMs = this.#nowMs();
    const due = this.#running.filter(({ dueMs }) => dueMs <= nowMs);
    if (due.length === 0) return false;
    const next = due.reduce((first, timer) => (timer.dueMs < first.dueMs ? timer : first));
    if (next.repeats) next.refresh();
    else this.stop(next);
    next.run();
    return true;
  }

  /** Replaces the timers of Node. @returns a function that puts them back */
  install(): () => void {
    const { setTimeout, setInterval, clearTimeout, clearInterval } = globalThis;
    const waiting = createRequire(import.meta.url)('node:timers/promises') as { setTimeout: unknown };
    const { setTimeout: wait } = waiting;
    const set =
      (repeats: boolean) =>
      (fn: Callback, delayMs?: number, ...args: unknown[]) =>
        this.#set(fn, { repeats, delayMs, args });
    const clear = (timer: unknown) => {
      if (timer instanceof FastTimer) this.stop(timer);
      else clearTimeout(timer as NodeJS.Timeout);
    };
    Object.assign(globalThis, {
      setTimeout: set(false),
      setInterval: set(true),
      clearTimeout: clear,
      clearInterval: clear,
    });
    waiting.setTimeout = (delayMs?: number, value?: unknown, options?: WaitOptions) =>
      this.#wait(delayMs, value, options);
    // For modules that import functions of `node:timers/promises` by name.
    syncBuiltinESMExports();
    return () => {
      Object.assign(globalThis, { setTimeout, setInterval, clearTimeout, clearInterval });
      waiting.setTimeout = wait;
      syncBuiltinESMExports();
    };
  }

  #set(
    fn: Callback,
    { repeats, delayMs = 1, args }: { repeats: boolean; delayMs: number | undefined; args: unknown[] },
  ): FastTimer {
    const afterMs = Math.max(1, Number(delayMs) || 1);
    const run = AsyncResource.bind(() => fn(...args));
    const timer = new FastTimer(this, { delayMs: afterMs, repeats, run });
    this.start(timer, afterMs);
    return timer;
  }

  #wait(delayMs: number | undefined, value: unknown, { signal }: WaitOptions = {}): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const stop = () => {
        this.stop(timer);
        reject(
          Object.assign(new Error('The operation was aborted'), { name: 'AbortError', code: 'ABORT_ERR' }),
        );
      };
      const timer = this.#set(
        () => {
          signal?.removeEventListener('abort', stop);
          resolve(value);
        },
        { repeats: false, delayMs, args: [] },
      );
      if (signal?.aborted) stop();
      else signal?.addEventListener('abort', stop, { once: true });
    });
  }
}
