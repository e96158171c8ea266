import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';

/** A server cannot be installed or started on this machine. The bench goes on without it. */
export class ServerUnavailable extends Error {}

/** A server in a process of its own. */
export interface ServerProcess {
  pid: number;
  /** The port that it was given. */
  port: number;
  /** The last output of the process, for an error message. */
  output(): string;
  /** Sends a signal to it. */
  signal(name: NodeJS.Signals): void;
  /** Ends it: SIGTERM, then SIGKILL after 5 s. */
  stop(): Promise<void>;
}

const STOP_LIMIT_MS = 5_000;
const POLL_MS = 100;
const KEPT_OUTPUT = 4_000;

/** A free port on loopback. Another process can take it before it is used; that is rare enough for a bench. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  await ended;
  clearTimeout(timer);
}

/**
 * Starts a server and waits until it answers a GET.
 * @param options.command the arguments contain the port
 * @param options.readyPath a path that the server answers with any status
 * @throws ServerUnavailable if it ends, or does not answer within `readyWithinMs`; the message has its last output
 */
export async function startServerProcess(options: {
  name: string;
  command: (port: number) => [file: string, ...args: string[]];
  readyPath: string;
  readyWithinMs: number;
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  signal: AbortSignal;
}): Promise<ServerProcess> {
  const { name, readyPath, readyWithinMs, cwd, env, signal } = options;
  const port = await freePort();
  const [file, ...args] = options.command(port);
  const child = spawn(file, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-KEPT_OUTPUT);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  let spawnError: Error | undefined;
  child.once('error', (error) => {
    spawnError = error;
  });
  const deadline = performance.now() + readyWithinMs;
  while (performance.now() < deadline && child.exitCode === null && !spawnError && !signal.aborted) {
    const answered = await fetch(`http://127.0.0.1:${port}${readyPath}`, {
      signal: AbortSignal.timeout(1_000),
    }).then(
      async (response) => {
        await response.body?.cancel();
        return true;
      },
      () => false,
    );
    if (answered) {
      const running = { pid: child.pid!, port, output: () => output };
      return { ...running, signal: (which) => void child.kill(which), stop: () => stop(child) };
    }
    await sleep(POLL_MS);
  }
  await stop(child);
  signal.throwIfAborted();
  throw new ServerUnavailable(`${name} does not start: ${spawnError?.message ?? output.trim().slice(-600)}`);
}
