import type { Clock } from '@firstword/turn';
import type { EndpointConnections } from '../connection/pool.js';
import type { Provider } from '../providers/provider.js';
import type { HttpRequest } from '../providers/request-headers.js';

/** Time limits of one request, ms. A request that exceeds one fails with code `timeout`. */
export interface Timeouts {
  /** To open a connection (DNS, TCP and TLS together); default 5000. */
  connectMs: number;
  /** From `chat()` to the response headers; default 10,000. */
  headersMs: number;
  /** From `chat()` to the first text or tool call; default 15,000. Reasoning does not count. */
  firstContentMs: number;
  /** Between two pieces of the answer, once it has started; default 10,000. */
  stallMs: number;
}

/**
 * The default time limits. Above the slowest published first token (6.5 s, gpt-4o-mini, aiewf-eval 2026): without a
 * backup, a late answer is better than none. A router sets its own, much shorter deadline.
 */
export const DEFAULT_TIMEOUTS: Timeouts = {
  connectMs: 5_000,
  headersMs: 10_000,
  firstContentMs: 15_000,
  stallMs: 10_000,
};

/** Everything that a request needs to know about one model at one provider. */
export interface Endpoint {
  provider: Provider;
  model: string;
  origin: URL;
  /** Path of the base URL, without a trailing slash. */
  basePath: string;
  /** Parameters of the base URL, such as `?api-version=2024-10-21`; every request has them. Empty without any. */
  query: string;
  /**
   * All headers of a request sent now. Computed for each request, because a key may be an expiring token and a signature
   * covers the body. A promise only where a token has to be fetched or the request signed.
   * @throws FirstwordError `auth` where that fails
   */
  headers(request: HttpRequest): Record<string, string> | Promise<Record<string, string>>;
  hasKey: boolean;
  /** Where the user sets the key: the name of an environment variable, or the option. */
  keyVariable: string;
  clock: Clock;
  timeouts: Timeouts;
  pool: EndpointConnections;
}

/** The path of a request: `path`, below the base URL and with its parameters. */
export function pathBelow({ basePath, query }: Pick<Endpoint, 'basePath' | 'query'>, path: string): string {
  const joined = path.includes('?') ? query.replace('?', '&') : query;
  return `${basePath}${path}${joined}`;
}
