import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { CallAlignment, TapeMeasurement } from '@firstword/calls/alignment';
import { type ErrorCode, FirstwordError } from '@firstword/turn';

/** What the worker thread has to measure. */
export interface MeasureJob {
  /** Path of the caller's tape. */
  tape: string;
  /** The agent's records, if they are to be aligned with the tape. */
  records?: {
    /** The agent's folder. */
    dir: string;
    /** The agent's identity in the room. */
    agent: string;
    /** Wall time at which the caller's tape started, Unix ms. */
    startedWallMs: number;
    /** Folder for copies of the records that include the transport. */
    alignedDir?: string;
  };
}

/** What was measured from a call's files. */
export interface Measurements {
  measured: TapeMeasurement;
  alignment?: CallAlignment;
  /** Why there is no alignment, if one was requested. */
  alignmentError?: string;
}

/** Partial results that the thread posts as soon as it has them. Errors lose their class in transit, so they are data. */
export type MeasureMessage = Partial<Measurements> & { failed?: { code: ErrorCode; message: string } };

/**
 * Measures a call in a worker thread. The work takes about a second of CPU time; on the main thread it would interrupt
 * the audio of the other callers in this process. If the signal fires, it returns what has been measured so far.
 * @throws FirstwordError `bad_input` if the tape cannot be measured; `aborted` if nothing had been measured
 */
export async function measureInThread(
  job: MeasureJob,
  { signal }: { signal: AbortSignal },
): Promise<Measurements> {
  const thread = new Worker(new URL('./measure-thread.js', import.meta.url), { workerData: job });
  const received: MeasureMessage = {};
  thread.on('message', (part: MeasureMessage) => Object.assign(received, part));
  const stop = () => void thread.terminate();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await once(thread, 'exit');
  } finally {
    signal.removeEventListener('abort', stop);
  }
  const { failed, measured, ...more } = received;
  if (failed) throw new FirstwordError(failed.code, failed.message);
  if (!measured) throw new FirstwordError('aborted', 'stopped before the tape was measured');
  return { measured, ...more };
}
