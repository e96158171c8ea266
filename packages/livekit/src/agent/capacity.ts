import type { EventEmitter } from 'node:events';

/** What a LiveKit worker tells its server every few seconds, as far as it is read here. */
interface WorkerMessage {
  message: { case?: string | undefined; value?: { load?: number; status?: number | undefined } | undefined };
}

/** `WS_FULL` of LiveKit's protocol. */
const FULL = 1;

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
  event.on('worker_msg', ({ message }: WorkerMessage) => {
    if (options.signal.aborted || message.case !== 'updateWorker') return;
    const isFull = message.value?.status === FULL;
    if (isFull === full) return;
    full = isFull;
    if (isFull) options.onFull?.(message.value?.load ?? 1);
    else options.onFree?.();
  });
}
