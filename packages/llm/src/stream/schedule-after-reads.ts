import type { Clock } from '@firstword/turn';

/** A timer that fires this much too late shows that the event loop was blocked, ms. */
export const BLOCKED_MS = 50;
/** Time to read what arrived while the loop was blocked, ms: one turn of the event loop is enough. */
const READ_MS = 5;
/** How often a timer gives way. A loop that is blocked all the time must not stop it for ever. */
const MAX_DELAYS = 3;

/**
 * `clock.schedule` for limits on silence. When the event loop was blocked, timers fire before the sockets are read: an
 * answer whose parts lie unread would count as silent, and be cut. So a timer that fires late lets the sockets be read
 * first; what arrived may cancel it.
 */
export function scheduleAfterReads(clock: Clock, delayMs: number, fn: () => void): () => void {
  let cancel = () => {};
  const schedule = (ms: number, delaysLeft: number) => {
    const dueMs = clock.nowMs() + Math.max(0, ms);
    cancel = clock.schedule(ms, () => {
      if (delaysLeft === 0 || clock.nowMs() - dueMs <= BLOCKED_MS) fn();
      else schedule(READ_MS, delaysLeft - 1);
    });
  };
  schedule(delayMs, MAX_DELAYS);
  return () => cancel();
}
