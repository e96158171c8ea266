import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How much of a child's output an error message quotes, characters. */
const TAIL_CHARACTERS = 2_500;
const STOPPED_WITHIN_MS = 3_000;

const running = new Set<ChildProcess>();
const folders = new Set<string>();

/** Package managers start processes of their own: the whole group is ended, not its first process only. */
function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has ended.
  }
}

/** Ends every child and removes every folder. Synchronous, because it also runs while this process exits. */
function cleanUp(): void {
  for (const child of running) killGroup(child, 'SIGKILL');
  running.clear();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  folders.clear();
}

process.once('exit', cleanUp);
// Without a handler these signals end the process without `exit`, and the children would stay.
for (const [signal, number] of [
  ['SIGINT', 2],
  ['SIGTERM', 15],
  ['SIGHUP', 1],
] as const)
  process.once(signal, () => {
    cleanUp();
    process.exit(128 + number);
  });

// A test process whose parent was killed would go on installing.
process.once('disconnect', () => {
  cleanUp();
  process.exit();
});

/** A temporary folder outside the repository. `removeFolder` or the end of this process removes it. */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `firstword-install-${name}-`));
  folders.add(folder);
  return folder;
}

/** Removes a folder made by `temporaryFolder`. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  folders.delete(folder);
}

/** Options of `start` and `run`. */
export interface ProcessOptions {
  cwd: string;
  /** The whole environment of the child. */
  env: NodeJS.ProcessEnv;
}

/** How a command ended. */
export interface Result {
  /** The command as one would type it, for messages. */
  command: string;
  /** Exit code; `null` if a signal ended it. */
  code: number | null;
  stdout: string;
  stderr: string;
  durationMs: number;
}

/** The end of a command's output, for messages. */
export function tail({ command, code, stdout, stderr }: Result): string {
  const said = `${stdout}\n${stderr}`.trim();
  const end = said.length > TAIL_CHARACTERS ? `…${said.slice(-TAIL_CHARACTERS)}` : said;
  return `${command} ended with ${code === null ? 'a signal' : `exit code ${code}`}. The end of its output:\n${end}`;
}

/** A running command. */
export interface Running {
  /** Resolves when it has ended, whatever its exit code; rejects if it cannot be started. */
  ended: Promise<Result>;
  /** Ends it and what it started. */
  stop(): Promise<void>;
}

/** Starts a command in a process group of its own, which ends with this process at the latest. */
export function start(command: string, args: readonly string[], options: ProcessOptions): Running {
  const startMs = performance.now();
  const child = spawn(command, args, { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  const ended = new Promise<Result>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      running.delete(child);
      const [stdout, stderr] = [Buffer.concat(out).toString(), Buffer.concat(err).toString()];
      const durationMs = performance.now() - startMs;
      resolve({ command: [command, ...args].join(' '), code, stdout, stderr, durationMs });
    });
  });
  // Whoever stops a command does not wait for its result.
  ended.catch(() => {});
  const stop = async () => {
    killGroup(child, 'SIGTERM');
    const timer = setTimeout(() => killGroup(child, 'SIGKILL'), STOPPED_WITHIN_MS);
    await ended.catch(() => {});
    clearTimeout(timer);
    killGroup(child, 'SIGKILL');
  };
  return { ended, stop };
}

/**
 * Runs a command to its end, whatever its exit code.
 * @throws if it runs longer than `withinMs`, or cannot be started
 */
export async function run(
  command: string,
  args: readonly string[],
  options: ProcessOptions & { withinMs: number },
): Promise<Result> {
  const { withinMs, ...rest } = options;
  const { ended, stop } = start(command, args, rest);
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    void stop();
  }, withinMs);
  const result = await ended.finally(() => clearTimeout(timer));
  if (isLate) throw new Error(`not within ${withinMs} ms: ${tail(result)}`);
  return result;
}

/**
 * Runs a command that must succeed.
 * @throws with the end of its output
 */
export async function succeed(...args: Parameters<typeof run>): Promise<Result> {
  const result = await run(...args);
  if (result.code !== 0) throw new Error(tail(result));
  return result;
}
