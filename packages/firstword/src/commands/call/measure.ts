import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { CallAlignment, TapeMeasurement } from '@firstword/calls/alignment';
import { type ErrorCode, FirstwordError } from '@firstword/turn';

export interface MeasureJob {
  /** The caller's. */
  tape: string;
  /** The agent's folder, where its records are to be held against the tape. */
  records?: {
    dir: string;
    /** How the agent was called in the room. */
    agent: string;
    /** Wall time at which the caller's tape began, Unix ms. */
    startedWallMs: number;
    /** Where the records go once more, with the transport in their ledgers. */
    heardDir?: string;
  };
}

export interface Measurements {
  measured: TapeMeasurement;
  alignment?: CallAlignment;
  /** Why there is no alignment, where one was asked for. */
  alignmentError?: string;
}

/** What the thread tells, as soon as it knows; errors lose their class on the way. */
export type Told = Partial<Measurements> & { failed?: { code: ErrorCode; message: string } };

/**
 * Measures a call in a thread of its own: it takes the processor for a second or so, in which the other callers of this
 * process would fall silent in the middle of their lines. Where the signal fires, what was measured until then is told.
 * @throws FirstwordError `bad_input` where the tape cannot be measured, `aborted`
 */
export async function measureApart(
  job: MeasureJob,
  { signal }: { signal: AbortSignal },
): Promise<Measurements> {
  const thread = new Worker(new URL('./measure-thread.js', import.meta.url), { workerData: job });
  const told: Told = {};
  thread.on('message', (part: Told) => Object.assign(told, part));
  const stop = () => void thread.terminate();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await once(thread, 'exit');
  } finally {
    signal.removeEventListener('abort', stop);
  }
  const { failed, measured, ...more } = told;
  if (failed) throw new FirstwordError(failed.code, failed.message);
  if (!measured) throw new FirstwordError('aborted', 'stopped before the tape was measured');
  return { measured, ...more };
}
