import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { Log } from './log.js';

const CLI = fileURLToPath(new URL('../../../packages/firstword/bin/firstword.js', import.meta.url));

/** Neither a key of whoever runs the tests, nor the colours that a test runner asks for, reach the command. */
const NOT_PASSED_ON =
  /^(OPENAI|GROQ|CEREBRAS|ANTHROPIC|GEMINI|FIRSTWORD)_|^(FORCE_COLOR|NO_COLOR|NODE_OPTIONS)$/;

/** How a process ended. */
export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** The built command, run as its users run it. */
export interface Cli {
  readonly pid: number;
  readonly stdout: Log<string>;
  readonly stderr: Log<string>;
  /** Resolves when the process is gone and everything it printed has been read. */
  readonly ended: Promise<Ending>;
  signal(name: NodeJS.Signals): void;
  /** Ends it, for good: to be called for every process that a test starts. */
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

export interface CliOptions {
  env?: NodeJS.ProcessEnv;
  /** A command that starts it, such as one that puts it into another network. */
  by?: readonly string[];
}

/** Starts `firstword` with these arguments. */
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

/** Runs it to its end. */
export async function finished(cli: Cli): Promise<Ending & { stdout: string; stderr: string }> {
  const ending = await cli.ended;
  return { ...ending, stdout: cli.stdout.all.join('\n'), stderr: cli.stderr.all.join('\n') };
}

/** The processes that a process has started and that still run: read from /proc, so on Linux alone. */
export function childrenOf(pid: number): { pid: number; command: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        // The fields after the command name, which may hold anything, in brackets: state, parent.
        const [state, parent] = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
        if (Number(parent) !== pid || state === 'Z') return [];
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return [{ pid: Number(name), command }];
      } catch {
        return []; // It ended while we looked.
      }
    });
}

/** Whether a process is there, as anything but a name that its parent has not yet read. */
export function isRunning(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)![0] !== 'Z';
  } catch {
    return false;
  }
}
