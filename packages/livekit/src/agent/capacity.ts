import type { EventEmitter } from 'node:events';
import { onWorkerStatus } from '../internals/worker-status.js';

export interface CapacityOptions {
  /** The worker turns calls away from now on; `load` is how busy the processors are, 0 to 1. */
  onFull?(load: number): void;
  /** It takes calls again. */
  onFree?(): void;
  /** From then on a worker that takes no calls is stopping, and not full. */
  signal: AbortSignal;
}

/**
 * Tells when a worker starts to turn calls away because its machine is busy, and when it takes them again. LiveKit only
 * logs it, below the level of warnings, and callers who come meanwhile hear nothing.
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
