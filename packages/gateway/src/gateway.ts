import { FirstwordError, systemClock, withDefaults } from '@firstword/turn';
import type { AnsweredRequest } from './answer/answered.js';
import { GatewayMetrics } from './metrics/gateway-metrics.js';
import { ConversationStore } from './openai-responses/conversation-store.js';
import { ResponsesSockets } from './openai-responses/sockets.js';
import { DEFAULT_LIMITS, type GatewayOptions } from './options.js';
import type { Route } from './route.js';
import { Access } from './server/access.js';
import { buildApp } from './server/app.js';
import { Concurrency } from './server/concurrency.js';
import { RouteTable } from './server/route-table.js';
import type { GatewayState } from './server/state.js';
import { openSpans } from './spans/index.js';
import { Speculations } from './voice-headers/speculations.js';
import { warmUp } from './warm-up/warm-up.js';

/** A running gateway. */
export interface Gateway {
  /** Base URL for clients of OpenAI's API, such as `http://127.0.0.1:4100/v1`. */
  readonly url: string;
  /** The same without `/v1`, for clients of Anthropic's API. */
  readonly origin: string;
  /** Answers under way. */
  readonly running: number;
  /**
   * Serves other routes from now on. Answers under way end on their old router, which is then closed.
   * @throws FirstwordError `bad_input` without a route, or with two of one name; the old routes stay then
   */
  replaceRoutes(routes: Route[]): void;
  /**
   * Refuses new connections, and new requests on open ones with a 503; waits for the answers under way, and closes. When the
   * signal fires, the answers that are left end with an error.
   */
  drain(options?: { signal?: AbortSignal }): Promise<void>;
  /** Ends all answers with an error, closes every socket and router. Can be called more than once. */
  close(): Promise<void>;
}

/** Where a gateway writes its spans. */
interface GatewayTelemetry {
  writeSpans: (answered: AnsweredRequest) => void;
}

function newState(options: GatewayOptions, { writeSpans }: GatewayTelemetry): GatewayState {
  const clock = options.clock ?? systemClock;
  const metrics = new GatewayMetrics({ store: options.store });
  const limits = withDefaults(DEFAULT_LIMITS, options.limits);
  return {
    clock,
    limits,
    access: new Access(options),
    concurrency: new Concurrency(limits),
    table: new RouteTable(options.routes),
    speculations: new Speculations({ clock }),
    metrics,
    onAnswered: (answered) => {
      metrics.observe(answered);
      writeSpans(answered);
      options.onAnswered?.(answered);
    },
    startedS: Math.floor(clock.wallMs() / 1_000),
    isDraining: false,
    isWarmingUp: options.warmUp ?? false,
  };
}

/**
 * Starts a gateway: an HTTP server through which agents in any language use routers.
 * @throws FirstwordError `bad_input` for routes or an address that cannot be served; `port_in_use` if the port is taken
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  return openGateway(options, { writeSpans: await openSpans(options.clock ?? systemClock) });
}

async function openGateway(options: GatewayOptions, telemetry: GatewayTelemetry): Promise<Gateway> {
  const { host = '127.0.0.1', port = 0 } = options;
  const state = newState(options, telemetry);
  const conversations = new ConversationStore({ clock: state.clock });
  const app = buildApp(state, options, conversations);
  const sockets = new ResponsesSockets(state, conversations);
  sockets.listen(app.server);
  try {
    await app.listen({ host, port });
  } catch (cause) {
    await app.close();
    throw listenError(cause, { host, port });
  }
  const address = app.server.address();
  const boundPort = typeof address === 'object' && address ? address.port : port;
  const scheme = options.tls ? 'https' : 'http';
  const origin = `${scheme}://${host.includes(':') ? `[${host}]` : host}:${boundPort}`;
  const warm = (routes: Route[]) => {
    // A provider that cannot be reached now may be later; its first request says what is wrong.
    for (const { router } of routes) router.warm().catch(() => {});
  };
  warm(options.routes);
  const stopped = new AbortController();
  if (options.warmUp) void warmUpWhile(state, stopped.signal);
  let closing: Promise<void> | undefined;
  const close = () => {
    stopped.abort();
    closing ??= closeAll(state, app, sockets);
    return closing;
  };
  return {
    origin,
    url: `${origin}/v1`,
    get running() {
      return state.concurrency.total;
    },
    replaceRoutes(routes) {
      state.table.replace(routes);
      warm(routes);
    },
    async drain({ signal } = {}) {
      state.isDraining = true;
      // A balancer hands a refused connection to another gateway, and cannot do that with a 503. It also closes idle ones.
      app.server.close();
      sockets.drain();
      await idle(state, signal);
      await close();
    },
    close,
  };
}

/** A warm-up that fails costs only what it would have saved. */
async function warmUpWhile(state: GatewayState, signal: AbortSignal): Promise<void> {
  const open = (routes: Route[]) => openGateway({ routes }, { writeSpans: () => {} });
  await warmUp({ open, signal }).catch(() => {});
  state.isWarmingUp = false;
}

async function closeAll(
  state: GatewayState,
  app: ReturnType<typeof buildApp>,
  sockets: ResponsesSockets,
): Promise<void> {
  state.isDraining = true;
  await state.table.close();
  // The clients get the errors that end their answers.
  await new Promise((resolve) => setImmediate(resolve));
  await sockets.close();
  await app.close();
}

/** Resolves when no answer is under way, or the signal fires. */
function idle({ concurrency }: GatewayState, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    concurrency.onceIdle(resolve);
    signal?.addEventListener('abort', () => resolve(), { once: true });
    if (signal?.aborted) resolve();
  });
}

function listenError(cause: unknown, { host, port }: { host: string; port: number }): unknown {
  const { code } = cause as { code?: string };
  if (code === 'EADDRINUSE')
    return new FirstwordError('port_in_use', `port ${port} is in use: choose another one`, { cause });
  if (code === 'EACCES')
    return new FirstwordError('bad_input', `port ${port} needs more rights: choose one above 1023`, {
      cause,
    });
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new FirstwordError('bad_input', `this machine has no address ${host}: choose another host`, {
      cause,
    });
  return cause;
}
