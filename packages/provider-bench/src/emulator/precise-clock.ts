import { type Clock, systemClock } from '@firstword/turn';

/** Node timers fire up to this late (later on a busy machine), so the timer is set this much earlier. */
const EARLY_MS = 3;

/**
 * The process clock with timers that are accurate to a few hundredths of a millisecond: they wake early and then busy-wait.
 * That occupies a core, so use it only in a process that does nothing but play known delays.
 */
export const preciseClock: Clock = {
  ...systemClock,
  schedule(delayMs, fn) {
    const dueMs = performance.now() + delayMs;
    let immediate: NodeJS.Immediate | undefined;
    const look = () => {
      if (performance.now() >= dueMs) fn();
      else immediate = setImmediate(look);
    };
    const timer = setTimeout(look, Math.max(0, delayMs - EARLY_MS));
    return () => {
      clearTimeout(timer);
      clearImmediate(immediate);
    };
  },
};
