import { type Clock, systemClock } from '@firstword/turn';

/**
 * Real time, with a count of timers that have neither fired nor been cancelled: detects timer leaks on real sockets.
 */
export class CountingClock implements Clock {
  readonly #pending = new Set<object>();
  nowMs = () => systemClock.nowMs();
  wallMs = () => systemClock.wallMs();

  get pendingTimers(): number {
    return this.#pending.size;
  }

  schedule(delayMs: number, fn: () => void): () => void {
    const timer = {};
    this.#pending.add(timer);
    const stop = systemClock.schedule(delayMs, () => {
      this.#pending.delete(timer);
      fn();
    });
    return () => {
      this.#pending.delete(timer);
      stop();
    };
  }
}
