import type { EventEmitter } from 'node:events';
import { onWorkerStatus } from '../internals/worker-status.js';

/** Callbacks about a worker's capacity. */
export interface CapacityOptions {
  /** The worker rejects calls from now on; `load` is how busy the processors are, 0 to 1. */
  onFull?(load: number): void;
  /** The worker accepts calls again. */
  onFree?(): void;
  /** The worker is stopping: from then on nothing is reported. */
  signal: AbortSignal;
}

/**
 * Reports when a worker starts to reject calls because its machine is busy, and when it accepts them again. LiveKit only logs
 * it, below the level `warn`, and callers who arrive meanwhile get no answer.
 */
export function watchCapacity(event: EventEmitter, options: CapacityOptions): void {
  let full = false;
  onWorkerStatus(event, ({ isFull, load = 1 }) => {
    if (options.signal.aborted || isFull === full) return;
    full = isFull;
    if (isFull) options.onFull?.(load);
    else options.onFree?.();
  });
}
