import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { Log } from './log.js';
import { processes } from './processes.js';

const CLI = fileURLToPath(new URL('../../../packages/firstword/bin/firstword.js', import.meta.url));

/** Variables that the command does not inherit: the developer's API keys, and colour settings of the test runner. */
const NOT_PASSED_ON =
  /^(OPENAI|GROQ|CEREBRAS|ANTHROPIC|GEMINI|FIRSTWORD)_|^(FORCE_COLOR|NO_COLOR|NODE_OPTIONS)$/;

/** How a process ended. */
export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A running `firstword` command. */
export interface Cli {
  readonly pid: number;
  readonly stdout: Log<string>;
  readonly stderr: Log<string>;
  /** Resolves when the process has exited and its output has been read. */
  readonly ended: Promise<Ending>;
  signal(name: NodeJS.Signals): void;
  /** Kills the process. Call it for every process that a test starts. */
  kill(): Promise<void>;
}

function lines(stream: Readable, log: Log<string>): Promise<void> {
  return new Promise((resolve) => {
    createInterface({ input: stream })
      .on('line', (line) => log.add(line))
      .on('close', resolve);
  });
}

function endingOf(child: ChildProcess, read: Promise<unknown>): Promise<Ending> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => void read.then(() => resolve({ code, signal })));
  });
}

/** Options of `firstword`. */
export interface CliOptions {
  env?: NodeJS.ProcessEnv;
  /** Command prefix, for example to run it in another network namespace. */
  by?: readonly string[];
}

/** Starts the built `firstword` command with these arguments. */
export function firstword(args: readonly string[], options: CliOptions = {}): Cli {
  const inherited = Object.entries(process.env).filter(([name]) => !NOT_PASSED_ON.test(name));
  const [command, ...rest] = [...(options.by ?? []), process.execPath, CLI, ...args] as [string, ...string[]];
  const child = spawn(command, rest, {
    env: { ...Object.fromEntries(inherited), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stdout = new Log<string>();
  const stderr = new Log<string>();
  const ended = endingOf(child, Promise.all([lines(child.stdout, stdout), lines(child.stderr, stderr)]));
  void ended.then(({ code, signal }) => {
    const how = `firstword ended with ${signal ?? `exit code ${code}`}; stderr: ${stderr.all.join('\n')}`;
    stdout.end(how);
    stderr.end(how);
  });
  return {
    pid: child.pid!,
    stdout,
    stderr,
    ended,
    signal: (name) => child.kill(name),
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Waits for the end and returns the output. */
export async function finished(cli: Cli): Promise<Ending & { stdout: string; stderr: string }> {
  const ending = await cli.ended;
  return { ...ending, stdout: cli.stdout.all.join('\n'), stderr: cli.stderr.all.join('\n') };
}

/** Running child processes of a process (Linux only). */
export function childrenOf(pid: number): { pid: number; command: string }[] {
  return processes()
    .filter(({ parent }) => parent === pid)
    .map((child) => ({ pid: child.pid, command: child.command }));
}

/** Whether a process runs; a zombie does not count. */
export function isRunning(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)![0] !== 'Z';
  } catch {
    return false;
  }
}
