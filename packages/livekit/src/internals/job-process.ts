/** When LiveKit's process of a job was started and given its job. Wall time, Unix ms; `undefined` if not known. */
export interface JobProcessTimes {
  processStartedWallMs: number;
  prewarmStartedWallMs?: number;
  jobStartedWallMs?: number;
}

let times: JobProcessTimes | undefined;

/**
 * Notes when LiveKit's worker begins the prewarm of this process and gives it a job. It listens to the worker's messages and
 * changes nothing. Call it when the module is loaded: the agent's file is loaded before the first message comes.
 *
 * - Read in: `@livekit/agents` 1.9.0, `ipc/job_proc_lazy_main.ts`, messages `initializeRequest` and `startJobRequest`;
 *   `ipc/job_proc_executor.ts`, the file that is forked.
 * - If it changes: these two marks are missing in the time to hello. `internals.test.ts` fails.
 */
export function noteJobProcess(): void {
  // In any other process, a listener would keep the channel to the parent open, and with it the process alive.
  if (times || !process.send || !/job_proc_lazy_main\.[cm]?[jt]s$/.test(process.argv[1] ?? '')) return;
  const noted: JobProcessTimes = { processStartedWallMs: performance.timeOrigin };
  times = noted;
  process.on('message', (message: unknown) => {
    const kind = typeof message === 'object' && message !== null && 'case' in message ? message.case : '';
    if (kind === 'initializeRequest') noted.prewarmStartedWallMs ??= Date.now();
    if (kind === 'startJobRequest') noted.jobStartedWallMs ??= Date.now();
  });
}

/** What was noted; `undefined` outside LiveKit's job processes. */
export const jobProcessTimes = (): Readonly<JobProcessTimes> | undefined => times;
