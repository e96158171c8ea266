let stopRequested = false;

/** Whether Ctrl-C or SIGTERM has stopped a command of this process. */
export const isStopRequested = (): boolean => stopRequested;

/** Abort signal for the first Ctrl-C or SIGTERM. The second one ends the process immediately with exit code 130. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(130);
    stopRequested = true;
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return controller.signal;
}

/** Resolves on the first Ctrl-C or SIGTERM. */
export function untilStopped(signal: AbortSignal = stopSignal()): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
