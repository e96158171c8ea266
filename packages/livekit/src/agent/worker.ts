import { FirstwordError } from '@firstword/turn';
import { AgentServer, initializeLogger, ServerOptions } from '@livekit/agents';
import { type CapacityOptions, watchCapacity } from './capacity.js';
import { acceptsCredentials } from './credentials.js';

export interface WorkerOptions extends CapacityOptions {
  /** File whose default export is a LiveKit agent (`defineAgent`). */
  agentFile: string;
  /** The LiveKit server, `ws://` or `wss://`. */
  url: string;
  apiKey: string;
  apiSecret: string;
  /** The agent then only comes where it is called by this name. */
  agentName?: string;
  /** Processes that stand ready for the next call; 1 unless told. */
  idleProcesses?: number;
  /** How long calls may go on after the signal, ms; 0 cuts them. */
  drainMs: number;
  /** In production no new call is taken while the processors are this busy, a share; 0.7 unless told, 1 takes all. */
  loadThreshold?: number;
  /** LiveKit's own log, on stdout; `warn` unless told. */
  logLevel?: string;
  /** The server cannot be reached; LiveKit tries again for more than a minute. */
  onUnreachable?(): void;
  /** The server has taken the worker on. */
  onRegistered?(): void;
  /** No more calls are taken; `calls` are still going on. */
  onDraining?(calls: number): void;
  /** Ends it. */
  signal: AbortSignal;
}

/** Loading models in a fresh process takes seconds, and more on a busy machine, ms. */
const START_MS = 60_000;
/** LiveKit's own. */
const LOAD_THRESHOLD = 0.7;

/**
 * Runs an agent as a LiveKit worker until the signal fires; then takes no more calls, lets those that are going on come
 * to their end, and resolves.
 * @throws FirstwordError `connect_failed` where the server cannot be reached or refuses the key, `timeout` where calls
 * were cut
 */
export async function runWorker(options: WorkerOptions): Promise<void> {
  initializeLogger({ pretty: false, level: options.logLevel ?? 'warn' });
  if (!(await acceptsCredentials(options))) options.onUnreachable?.();
  if (options.signal.aborted) return;
  await serve(serverOf(options), options);
}

function serverOf(options: WorkerOptions): AgentServer {
  const { drainMs, loadThreshold = LOAD_THRESHOLD } = options;
  return new AgentServer(
    new ServerOptions({
      agent: options.agentFile,
      wsURL: options.url,
      apiKey: options.apiKey,
      apiSecret: options.apiSecret,
      ...(options.agentName === undefined ? {} : { agentName: options.agentName }),
      numIdleProcesses: options.idleProcesses ?? 1,
      initializeProcessTimeout: START_MS,
      production: drainMs > 0,
      loadThreshold: loadThreshold,
      // A server gives no calls to a worker that says its machine is fully busy, full or not: one that is to answer
      // anyhow, as in development, does not say so.
      ...(drainMs === 0 || loadThreshold >= 1 ? { loadFunc: async () => 0 } : {}),
      logLevel: options.logLevel ?? 'warn',
      // Any free port: LiveKit's health check has nobody to answer here.
      port: 0,
    }),
  );
}

async function serve(server: AgentServer, options: WorkerOptions): Promise<void> {
  const { signal, drainMs } = options;
  server.event.once('worker_registered', () => options.onRegistered?.());
  watchCapacity(server.event, options);
  let cut: unknown;
  const stopped = new Promise<void>((resolve) => {
    const stop = async () => {
      if (drainMs > 0) {
        options.onDraining?.(server.activeJobs.length);
        await server.drain(drainMs).catch((error) => {
          cut = error;
        });
      }
      await server.close();
      resolve();
    };
    if (signal.aborted) void stop();
    else signal.addEventListener('abort', () => void stop(), { once: true });
  });
  const running = server.run().catch((cause) => {
    if (signal.aborted) return;
    const why = cause instanceof Error ? cause.message : String(cause);
    const message = `the LiveKit server at ${options.url} did not take the agent on: ${why}. Check the address, the key and the secret`;
    throw new FirstwordError('connect_failed', message, { cause });
  });
  await Promise.race([running, stopped]);
  if (signal.aborted) await stopped;
  if (cut) {
    const message = `calls were still going on after ${Math.round(drainMs / 1000)} s and were cut`;
    throw new FirstwordError('timeout', message, { cause: cut });
  }
}
