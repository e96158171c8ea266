import type { Clock } from '@firstword/turn';

/**
 * `clock.schedule` for limits on silence: when the time has come, the sockets are read once more before `fn` is called, and
 * what arrived may cancel it. When the event loop was blocked, its timers fire before its sockets are read: without this, an
 * answer whose parts lie unread counts as silent, and is cut.
 */
export function scheduleAfterReads(clock: Clock, delayMs: number, fn: () => void): () => void {
  let isCancelled = false;
  const cancelTimer = clock.schedule(delayMs, () => {
    // The event loop reads the sockets between its timers and its immediates.
    setImmediate(() => {
      if (!isCancelled) fn();
    });
  });
  return () => {
    isCancelled = true;
    cancelTimer();
  };
}
