import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { isLoopback } from '../loopback.js';

/** The query parameter that holds the token. */
export const TOKEN_PARAMETER = 'token';

/** Options of `StudioAccess`. */
export interface StudioAccessOptions {
  /** Address that the server listens on. */
  listenHost: string;
  /** Further host names under which the page may be opened, such as that of a proxy; default none. */
  allowedHosts?: readonly string[] | undefined;
}

type Headers = Pick<IncomingMessage['headers'], 'host' | 'origin' | 'cookie'>;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The host name of a Host header, without port and brackets; `undefined` if it is missing or malformed. */
function nameOf(host: string | undefined): string | undefined {
  if (!host || !URL.canParse(`http://${host}`)) return undefined;
  return new URL(`http://${host}`).hostname.replace(/^\[(.*)\]$/, '$1');
}

/**
 * Who may use the studio. On a loopback address: any program of this machine, but no website that is open in its browser. On any other
 * address, or under other host names: only those who have the token of the printed address.
 */
export class StudioAccess {
  /** The secret of the printed address, 128 bits; `undefined` where none is needed. */
  readonly token: string | undefined;
  readonly #isLocal: boolean;
  readonly #names: ReadonlySet<string>;
  #cookieName = '';

  constructor({ listenHost, allowedHosts = [] }: StudioAccessOptions) {
    this.#isLocal = isLoopback(listenHost) && allowedHosts.length === 0;
    this.token = this.#isLocal ? undefined : randomBytes(16).toString('base64url');
    const own = this.#isLocal ? [] : [listenHost, hostname(), `${hostname()}.local`];
    this.#names = new Set([...own, ...allowedHosts].map((name) => name.toLowerCase()));
  }

  /** Cookies ignore the port: without it in the name, two studios of one machine would overwrite each other's. */
  set port(port: number) {
    this.#cookieName = `firstword-studio-${port}`;
  }

  /**
   * Whether the page may be opened under this host name. Otherwise a website could point its own name at this machine (DNS
   * rebinding), and would count as the page itself. An address cannot be pointed elsewhere.
   */
  isAllowedHost({ host }: Headers): boolean {
    const name = nameOf(host);
    if (name === undefined) return false;
    if (isLoopback(name) || this.#names.has(name)) return true;
    return !this.#isLocal && isIP(name) !== 0;
  }

  /** Whether a WebSocket request comes from the page that this server served: its Origin must be its Host. */
  isAllowedOrigin(headers: Headers): boolean {
    const { origin, host } = headers;
    return (
      this.isAllowedHost(headers) &&
      origin !== undefined &&
      URL.canParse(origin) &&
      new URL(origin).host === new URL(`http://${host}`).host
    );
  }

  /** Whether a request has the token, in its query or its cookie. */
  isAuthorized(request: { url?: string | undefined; headers: Headers }): boolean {
    const cookies = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
    const given = cookies.find(([name]) => name === this.#cookieName)?.[1];
    return this.token === undefined || this.hasToken(request.url) || this.#isToken(given);
  }

  /** Whether an address has the token in its query. */
  hasToken(url: string | undefined): boolean {
    return this.#isToken(parsed(url)?.searchParams.get(TOKEN_PARAMETER) ?? undefined);
  }

  /** The cookie that replaces the token of the address, so that it does not stay in the browser's history. */
  get cookie(): string {
    return `${this.#cookieName}=${this.token}; Path=/; HttpOnly; SameSite=Strict`;
  }

  /** Compares digests, so that the time it takes does not depend on how much of a guess is right. */
  #isToken(given: string | undefined): boolean {
    if (given === undefined || this.token === undefined) return false;
    return timingSafeEqual(digest(given), digest(this.token));
  }
}

/** The path and query of a request; `undefined` if they are malformed. */
export function parsed(url: string | undefined): URL | undefined {
  return url?.startsWith('/') && URL.canParse(`http://studio${url}`)
    ? new URL(`http://studio${url}`)
    : undefined;
}
