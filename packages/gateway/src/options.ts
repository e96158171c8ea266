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
  /** Maximum number of active answers of one client address, at least 1; default 1,000. One more gets a 429. */
  concurrentPerClient: number;
  /** Maximum number of active answers of all clients together, at least 1; default 4,000. One more gets a 503. */
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
  /**
   * Token that clients must send as `Authorization: Bearer …` or `x-api-key`. Default: none, which is allowed on loopback
   * only.
   */
  token?: string;
  /**
   * Host names, without ports, that requests may be addressed to; a request to another name gets a 403. Default: on loopback
   * only its own names, so that a web page whose name resolves to loopback cannot send requests; on other addresses any,
   * because they need a token.
   */
  hosts?: string[];
  /** Origins of web pages that may use the gateway, such as `https://app.example`. Default: none. */
  corsOrigins?: string[];
  /** Certificate and key, PEM, to serve https. Default: http. */
  tls?: { cert: string | Buffer; key: string | Buffer };
  /** Limits on what a client may send; see `GatewayLimits` for the defaults. */
  limits?: Partial<GatewayLimits>;
  /** The store that the routers share (`openStore`), for `/metrics`. Close it yourself, after the gateway. */
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
