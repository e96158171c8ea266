import type { Clock } from '@firstword/turn';
import type { AnsweredRequest } from './answer/answered.js';
import type { Route } from './route.js';
import type { GatewayStore } from './store/open-store.js';

/** Limits on what a client may send. */
export interface GatewayLimits {
  /** Longest request body, bytes; default 20,971,520 (20 MiB: images are sent inside it). A longer one gets a 413. */
  bodyBytes: number;
  /** Longest request headers together, bytes; default 16,384. Longer ones get a 431. */
  headerBytes: number;
  /** Answers that one client address may have under way, at least 1; default 1,000. One more gets a 429. */
  concurrentPerClient: number;
  /** Answers under way for all clients together, at least 1; default 4,000. One more gets a 503. */
  concurrent: number;
}

/** The defaults of `GatewayLimits`. */
export const DEFAULT_LIMITS: GatewayLimits = {
  bodyBytes: 20 * 1024 * 1024,
  headerBytes: 16 * 1024,
  concurrentPerClient: 1_000,
  concurrent: 4_000,
};

/** Options of `startGateway`. */
export interface GatewayOptions {
  /** The model names that clients may ask for. A name may occur once. */
  routes: Route[];
  /** Address to listen on; default 127.0.0.1. Any address that is not this machine's own loopback needs a token. */
  host?: string;
  /** Port to listen on; default 0: any free port. */
  port?: number;
  /** What clients must send as `Authorization: Bearer …` or `x-api-key`. Default: on loopback, none. */
  token?: string;
  /**
   * Host names, without ports, that requests may be addressed to; any other gets a 403. Default: on loopback the names of
   * loopback, against web pages that resolve their own name to it; elsewhere any, because a token is needed.
   */
  hosts?: string[];
  /** Origins of web pages that may use the gateway, such as `https://app.example`. Default: none. */
  corsOrigins?: string[];
  /** Certificate and key, PEM, to serve https. Default: http. */
  tls?: { cert: string | Buffer; key: string | Buffer };
  /** Limits on what a client may send; see `GatewayLimits` for the defaults. */
  limits?: Partial<GatewayLimits>;
  /** What the routers share (`openStore`), for `/metrics`. Whoever has opened it closes it, after the gateway. */
  store?: GatewayStore;
  /**
   * Answers 1,200 requests of its own before `/readyz` says that it is ready, for 3 s at most, so that V8 has compiled the code that
   * answers; default false. Nothing leaves the machine. Requests that come earlier are answered.
   */
  warmUp?: boolean;
  /** Called after each chat request, however it ended. It must not throw. */
  onAnswered?: (answered: AnsweredRequest) => void;
  /** Clock of all times; default the system's monotonic clock. */
  clock?: Clock;
}
