import { FirstwordError, systemClock } from '@firstword/turn';
import { AgentServer, initializeLogger, ServerOptions } from '@livekit/agents';
import { type CapacityOptions, watchCapacity } from './capacity.js';
import { acceptsCredentials } from './credentials.js';

/** Options of `runWorker`. */
export interface WorkerOptions extends CapacityOptions {
  /** File whose default export is a LiveKit agent (`defineAgent`). */
  agentFile: string;
  /** The LiveKit server, `ws://` or `wss://`. */
  url: string;
  apiKey: string;
  apiSecret: string;
  /** Name for explicit dispatch. Default: the agent joins every room. */
  agentName?: string;
  /** Number of idle processes ready for the next call. Default 1. */
  idleProcesses?: number;
  /** How long calls may continue after the signal, ms; 0 ends them at once. */
  drainMs: number;
  /** In production, calls are rejected while the processors are this busy, 0 to 1. Default 0.7; 1 accepts all. */
  loadThreshold?: number;
  /** Level of LiveKit's log on stdout. Default `warn`. */
  logLevel?: string;
  /** The server cannot be reached; LiveKit retries for more than a minute. */
  onUnreachable?(): void;
  /** The server has registered the worker. */
  onRegistered?(): void;
  /** No more calls are accepted; `calls` is the number still active. */
  onDraining?(calls: number): void;
  /** Stops the worker. */
  signal: AbortSignal;
}

/** Start timeout of a process, ms: loading models takes seconds, more on a busy machine. */
const START_MS = 60_000;
/** LiveKit's default. */
const LOAD_THRESHOLD = 0.7;
/**
 * LiveKit's worker waits for processes that are still starting before it closes, and for ever if it is still starting itself,
 * ms.
 */
const CLOSE_LIMIT_MS = 1_000;

/**
 * Runs an agent as a LiveKit worker until the signal fires. Then it accepts no more calls, waits for active ones to end, and
 * resolves. LiveKit's processes that were still starting at that moment may continue: end this process and its children.
 * @throws FirstwordError `connect_failed` if the server cannot be reached or rejects the key, `timeout` if calls were still
 * active after `drainMs`
 */
export async function runWorker(options: WorkerOptions): Promise<void> {
  initializeLogger({ pretty: false, level: options.logLevel ?? 'warn' });
  const { signal } = options;
  const isReached = await acceptsCredentials(options, { signal });
  if (signal.aborted) return;
  if (!isReached) options.onUnreachable?.();
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
      // A server sends no calls to a worker that reports full load. A worker that must accept all calls, as in
      // development, reports none.
      ...(drainMs === 0 || loadThreshold >= 1 ? { loadFunc: async () => 0 } : {}),
      logLevel: options.logLevel ?? 'warn',
      // Any free port for LiveKit's health check, which is not used here.
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
      const calls = server.activeJobs.length;
      if (drainMs > 0) options.onDraining?.(calls);
      // Without a call there is nothing to wait for, but LiveKit would wait for a process that is still starting.
      if (drainMs > 0 && calls > 0) {
        await server.drain(drainMs).catch((error) => {
          cut = error;
        });
      }
      const cancel = systemClock.schedule(CLOSE_LIMIT_MS, resolve);
      await server.close();
      cancel();
      resolve();
    };
    if (signal.aborted) void stop();
    else signal.addEventListener('abort', () => void stop(), { once: true });
  });
  const running = server.run().catch((cause) => {
    if (signal.aborted) return;
    const why = cause instanceof Error ? cause.message : String(cause);
    const message = `the LiveKit server at ${options.url} did not register the agent: ${why}. Check the address, the key and the secret`;
    throw new FirstwordError('connect_failed', message, { cause });
  });
  await Promise.race([running, stopped]);
  if (signal.aborted) await stopped;
  if (cut) {
    const message = `calls were still active after ${Math.round(drainMs / 1000)} s and were ended`;
    throw new FirstwordError('timeout', message, { cause: cut });
  }
}
