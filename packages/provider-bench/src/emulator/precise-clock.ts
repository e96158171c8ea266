import { type Clock, systemClock } from '@firstword/turn';

/** Node's timers are this late, and more on a busy machine. */
const EARLY_MS = 3;

/**
 * The process clock with timers that are right to some hundredths of a millisecond: they wake early and look at the time
 * until it has come. It costs a core meanwhile, so it is for a process that plays a known delay and does nothing else.
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
