import type { Clock } from '@firstword/turn';
import type { Pool } from '../connection/pool.js';
import type { Provider } from '../providers/provider.js';

/** Longest waits of one request, ms. Reaching one fails the request with code `timeout`. */
export interface Timeouts {
  /** For a connection: DNS, TCP and TLS together. */
  connectMs: number;
  /** From `chat()` to the response headers. */
  headersMs: number;
  /** From `chat()` to the first text or tool call. Reasoning does not count. */
  firstContentMs: number;
  /** Between two pieces of the answer, once it has begun. */
  stallMs: number;
}

/**
 * Wide enough for the slowest first tokens published (6.5 s, gpt-4o-mini, aiewf-eval 2026): a single model is better
 * late than never. A router sets its own, far shorter, deadline.
 */
export const DEFAULT_TIMEOUTS: Timeouts = {
  connectMs: 5_000,
  headersMs: 10_000,
  firstContentMs: 15_000,
  stallMs: 10_000,
};

/** One model at one provider: all that a request needs to know. */
export interface Endpoint {
  provider: Provider;
  model: string;
  origin: URL;
  /** Path of the base URL, without a closing slash. */
  basePath: string;
  /** Headers of a request sent now: keys may be tokens that expire. */
  headers(): Record<string, string>;
  hasKey: boolean;
  /** Where the user sets the key: an environment variable, or the option. */
  keyVariable: string;
  clock: Clock;
  timeouts: Timeouts;
  pool: Pool;
}
