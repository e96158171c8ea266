import type { Clock } from '@firstword/turn';

/** What is due now may take so many turns of the event loop: a message to the emulator and its answer are one turn each. */
const QUIET_TURNS = 4;
/** LiveKit starts some of its tasks with a real timer of 0 ms; these are waited for. */
const SHORT_MS = 1;

interface Timer {
  atMs: number;
  order: number;
  fn: () => void;
}

/**
 * A clock that skips the time in which nothing happens: when no task is pending, it jumps to the next timer. Emulator and
 * bench share it, over real sockets, so that a measured time has no load of this machine in it. Until `skip()` it keeps the
 * pace of real time, so that connections can be opened.
 */
export class FastClock implements Clock {
  #nowMs = performance.now();
  #order = 0;
  #timers: Timer[] = [];
  #shortTimers = 0;
  #isSkipping = false;
  #isClosed = false;
  readonly #setTimeout = globalThis.setTimeout;

  constructor() {
    globalThis.setTimeout = this.#counted() as typeof setTimeout;
    void this.#run();
  }

  nowMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.#nowMs;
  }

  schedule(delayMs: number, fn: () => void): () => void {
    this.#order += 1;
    const timer = { atMs: this.#nowMs + Math.max(0, delayMs), order: this.#order, fn };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  }

  /** From now on skips idle time. */
  skip(): void {
    this.#isSkipping = true;
  }

  /** Back to real time. */
  keepPace(): void {
    this.#isSkipping = false;
  }

  close(): void {
    this.#isClosed = true;
    globalThis.setTimeout = this.#setTimeout;
  }

  #counted() {
    return (fn: (...args: unknown[]) => void, delayMs = 0, ...args: unknown[]) => {
      if (delayMs > SHORT_MS) return this.#setTimeout(fn, delayMs, ...args);
      this.#shortTimers += 1;
      return this.#setTimeout(() => {
        this.#shortTimers -= 1;
        fn(...args);
      }, delayMs);
    };
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      if (this.#isSkipping) await this.#quiet();
      else await new Promise<void>((resolve) => this.#setTimeout(resolve, SHORT_MS));
      const next = this.#next();
      if (this.#isSkipping) {
        if (!next) continue;
        this.#nowMs = Math.max(this.#nowMs, next.atMs);
        this.#fire(next);
      } else {
        this.#nowMs += SHORT_MS;
        for (let due = next; due && due.atMs <= this.#nowMs; due = this.#next()) this.#fire(due);
      }
    }
  }

  async #quiet(): Promise<void> {
    for (let turn = 0; turn < QUIET_TURNS; turn += 1) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (this.#shortTimers > 0) turn = -1;
    }
  }

  #next(): Timer | undefined {
    return this.#timers.reduce<Timer | undefined>((first, timer) => {
      if (!first) return timer;
      const isEarlier = timer.atMs < first.atMs || (timer.atMs === first.atMs && timer.order < first.order);
      return isEarlier ? timer : first;
    }, undefined);
  }

  #fire(timer: Timer): void {
    this.#timers = this.#timers.filter((one) => one !== timer);
    timer.fn();
  }
}
