import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { FirstwordError } from '@firstword/turn';
import { GatewayError } from '../answer/failure.js';
import type { GatewayOptions } from '../options.js';

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/** Whether an address can only be reached from this machine. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

const digest = (text: string) => createHash('sha256').update(text).digest();

/** The token that a client sent, in the header of either API. */
function tokenOf(headers: IncomingHttpHeaders): string | undefined {
  const key = headers['x-api-key'];
  if (typeof key === 'string') return key;
  return /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
}

/** The host name of a `Host` header, without its port, in small letters. */
function hostName(header: string | undefined): string {
  return (header ?? '').replace(/:\d+$/, '').toLowerCase();
}

/** Who may use the gateway. */
export class Access {
  readonly #token: Buffer | undefined;
  readonly #hosts: Set<string> | undefined;
  readonly #origins: Set<string>;

  /** @throws FirstwordError `bad_input` for an address that others can reach, without a token */
  constructor({ host = '127.0.0.1', token, hosts, corsOrigins = [] }: GatewayOptions) {
    const isLocal = isLoopback(host);
    if (token === '' || (token === undefined && !isLocal)) {
      throw new FirstwordError(
        'bad_input',
        `a gateway on ${host} can be reached from other machines, and needs a token that its clients send: set one, or listen on 127.0.0.1`,
      );
    }
    this.#token = token === undefined ? undefined : digest(token);
    const allowed = hosts ?? (isLocal ? [...LOOPBACK_NAMES, host] : undefined);
    this.#hosts = allowed && new Set(allowed.map((name) => name.toLowerCase()));
    this.#origins = new Set(corsOrigins);
  }

  /**
   * The response headers for a web page that may read the answer; none for other clients.
   * @throws GatewayError 403 for a host or an origin that is not allowed
   */
  checkOrigin(headers: IncomingHttpHeaders): Record<string, string> {
    if (this.#hosts && !this.#hosts.has(hostName(headers.host)))
      throw new GatewayError(
        403,
        'requests for this host name are not answered: use the address that the gateway printed, or add the name to its hosts',
      );
    const { origin } = headers;
    if (origin === undefined) return {};
    // A page could otherwise spend money from any browser on this machine.
    if (!this.#origins.has(origin))
      throw new GatewayError(403, 'requests of web pages are not answered: add the origin to corsOrigins');
    return { 'access-control-allow-origin': origin, vary: 'origin' };
  }

  /** @throws GatewayError 401 without the token, or with another one */
  checkToken(headers: IncomingHttpHeaders): void {
    if (!this.#token) return;
    const given = tokenOf(headers);
    // Digests have one length, so the comparison takes the same time whatever was sent.
    if (given !== undefined && timingSafeEqual(digest(given), this.#token)) return;
    throw new GatewayError(
      401,
      given === undefined
        ? 'the gateway needs a token: send it as "Authorization: Bearer …" or "x-api-key"; in an SDK, set it as the API key'
        : 'the token is wrong: send the one that the gateway was started with',
      { code: 'auth' },
    );
  }
}
