import type { EventEmitter } from 'node:events';

/** A message from a LiveKit worker to its server, as far as it is read here. */
interface WorkerMessage {
  message: { case?: string | undefined; value?: { load?: number; status?: number | undefined } | undefined };
}

/** `WorkerStatus.WS_FULL` of LiveKit's protocol. */
const FULL = 1;

/**
 * Calls `onStatus` each time a worker reports its status to the server, every few seconds.
 *
 * LiveKit only logs that a worker is full, below the level `warn`.
 *
 * - Read in: `@livekit/agents` 1.9.0, `worker.ts`, class `AgentServer`: event `worker_msg`, message `updateWorker`.
 * - If it changes: `onFull` and `onFree` of `runWorker` are never called. `internals.test.ts` fails.
 *
 * @param onStatus `isFull`: the worker rejects calls; `load`: how busy its processors are, 0 to 1, absent if not reported
 */
export function onWorkerStatus(
  event: EventEmitter,
  onStatus: (status: { isFull: boolean; load: number | undefined }) => void,
): void {
  event.on('worker_msg', ({ message }: WorkerMessage) => {
    if (message.case !== 'updateWorker') return;
    onStatus({ isFull: message.value?.status === FULL, load: message.value?.load });
  });
}
