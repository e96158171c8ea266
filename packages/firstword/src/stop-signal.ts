import type { ChildProcess } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';

/** A stopped command has this long to close what it opened; then its children are killed and the process ends, ms. */
const CLOSE_LIMIT_MS = 1_200;
/** Exit codes as a shell reports them: 128 plus the number of the signal. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

type StopSignal = keyof typeof EXIT_CODES;

const controller = new AbortController();
const children = new Set<ChildProcess>();
let exitCode: number | undefined;
/** Whether anything waits for the signal. Before that there is nothing to close. */
let isAwaited = false;
let isDraining = false;
let isWatching = false;

/** The exit code of the signal that has stopped this process: 130 for Ctrl-C, 143 for SIGTERM; `undefined` before. */
export const stopCode = (): number | undefined => exitCode;

/** Aborts when the user stops the command with Ctrl-C, or a supervisor does with SIGTERM. Give it to all that is started. */
export function stopSignal(): AbortSignal {
  isAwaited = true;
  return controller.signal;
}

/** Resolves when the command is stopped. */
export function untilStopped(): Promise<void> {
  const signal = stopSignal();
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/**
 * For a command that finishes its work after the first signal, however long that takes: only a second signal ends it by force.
 */
export function drainWhenStopped(): void {
  isDraining = true;
}

/** Kills the child if it still runs when this process ends. Children with an IPC channel need no registration. */
export function killWithProcess(child: ChildProcess): void {
  children.add(child);
  child.once('exit', () => children.delete(child));
}

/** Ends the process now. Children are killed: LiveKit's processes of calls would outlive this one by 15 s. */
function endNow(): never {
  for (const child of children) child.kill('SIGKILL');
  process.exit(exitCode);
}

function onSignal(name: StopSignal): void {
  const isSecond = exitCode !== undefined;
  exitCode ??= EXIT_CODES[name];
  if (isSecond || !isAwaited) endNow();
  if (!isDraining) setTimeout(endNow, CLOSE_LIMIT_MS).unref();
  controller.abort();
}

const onInterrupt = () => onSignal('SIGINT');
const onTerminate = () => onSignal('SIGTERM');

/**
 * Handles SIGINT and SIGTERM for the whole process, from here on. The first aborts `stopSignal()`; a command that has not
 * ended 1.2 s later, and any command at the second signal, is ended by force.
 */
export function watchSignals(): void {
  if (isWatching) return;
  isWatching = true;
  // Also finds the processes that LiveKit's SDK forks. One without an IPC channel may be the user's browser.
  subscribe('child_process', (message) => {
    const { process: child } = message as { process: ChildProcess };
    process.nextTick(() => child.connected && killWithProcess(child));
  });
  process.on('SIGINT', onInterrupt).on('SIGTERM', onTerminate);
}

/** Hands the signals over to another copy of this module, that of a fetched tree, which calls `watchSignals` in the same tick. */
export function unwatchSignals(): void {
  process.off('SIGINT', onInterrupt).off('SIGTERM', onTerminate);
}

/** Resolves when what was written to the stream is out, or nobody reads it any more. */
const written = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => {
    if (stream.writableLength === 0 || stream.destroyed) resolve();
    else stream.write('', () => resolve());
  });

/**
 * Ends the process after a command, with the exit code of the signal that stopped it, else with `process.exitCode`. Timers and
 * sockets that the command's libraries left open do not delay it, and its children end with it.
 */
export async function endProcess(): Promise<never> {
  exitCode ??= Number(process.exitCode ?? 0);
  await Promise.all([written(process.stdout), written(process.stderr)]);
  return endNow();
}
