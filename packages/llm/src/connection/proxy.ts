import { request } from 'node:http';
import type { Socket } from 'node:net';
import { FirstwordError } from '@firstword/turn';
import { getProxyForUrl } from 'proxy-from-env';
import { basicAuth } from './basic-auth.js';

/** A proxy between this machine and the provider. */
export interface HttpProxy {
  /** Its address, without a user name and password. */
  url: URL;
  /** Value of the `Proxy-Authorization` header, from the user name and password in its URL. */
  authorization: string | undefined;
  /** What named the proxy: an environment variable or the option. For error messages. */
  source: string;
}

/** In the order in which they are read. A proxy for http URLs is not used for https ones. */
const VARIABLES: Record<string, readonly string[]> = {
  'https:': ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'],
  'http:': ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'],
};

function fromEnvironment(origin: URL): { text: string; source: string } | undefined {
  // The library also decides about NO_PROXY.
  if (getProxyForUrl(origin.href) === '') return undefined;
  const source = VARIABLES[origin.protocol]!.find((name) => process.env[name]);
  return source === undefined ? undefined : { text: process.env[source]!, source };
}

/**
 * The proxy for an origin: the `proxy` option, or HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY as curl and Node read them.
 * @param option URL of a proxy; `false` for none; `undefined` to read the environment
 * @throws FirstwordError `bad_input` for anything but an http or https URL
 */
export function proxyFor(origin: URL, option: string | false | undefined): HttpProxy | undefined {
  if (option === false) return undefined;
  const named = option === undefined ? fromEnvironment(origin) : { text: option, source: 'the proxy option' };
  if (!named) return undefined;
  const text = named.text.includes('://') ? named.text : `http://${named.text}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    const what = url?.protocol.startsWith('socks')
      ? `${named.source} names a SOCKS proxy, which is reached through the dispatcher option only: give it a Socks5ProxyAgent of ` +
        'undici. Or name an HTTP proxy.'
      : `${named.source} must be the http or https URL of a proxy, such as http://proxy.example:3128.`;
    const around = option === undefined ? ` To go around it, add ${origin.hostname} to NO_PROXY.` : '';
    throw new FirstwordError('bad_input', what + around);
  }
  return { url: new URL(url.origin), authorization: basicAuth(url), source: named.source };
}

/** The error for a proxy that cannot be reached or refuses. It names the proxy without its password. */
export function proxyFailure(
  { url, source }: HttpProxy,
  options: { origin: URL; status?: number | undefined; cause?: unknown },
): FirstwordError {
  const { origin, status, cause } = options;
  const code = (cause as { code?: unknown } | undefined)?.code;
  const what = status === undefined ? `does not answer (${code ?? 'unknown'})` : `answered ${status}`;
  const advice =
    status === 407
      ? `put the user name and password into the URL in ${source}`
      : `check ${source}, or add ${origin.hostname} to NO_PROXY to go around it`;
  return new FirstwordError(
    'connect_failed',
    `No connection to ${origin.host}: the proxy ${url.host} ${what}. ${advice[0]!.toUpperCase()}${advice.slice(1)}.`,
    { retryable: status === undefined || status >= 500, cause },
  );
}

/**
 * Asks a proxy on an open socket for a tunnel to the origin. The socket then leads to the origin.
 * @throws FirstwordError `connect_failed` where the proxy refuses; the signal's reason
 */
export function openTunnel(
  socket: Socket,
  options: { proxy: HttpProxy; origin: URL; signal: AbortSignal },
): Promise<void> {
  const { proxy, origin, signal } = options;
  const { authorization } = proxy;
  const target = `${origin.hostname}:${origin.port || 443}`;
  return new Promise((resolve, reject) => {
    const asked = request({
      method: 'CONNECT',
      path: target,
      headers: { host: target, ...(authorization ? { 'proxy-authorization': authorization } : {}) },
      createConnection: () => socket,
    });
    const fail = (error: Error) => {
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      reject(error);
    };
    const onAbort = () => fail(signal.reason);
    asked.once('connect', ({ statusCode = 0 }) => {
      if (statusCode < 200 || statusCode > 299) {
        fail(proxyFailure(proxy, { origin, status: statusCode }));
        return;
      }
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
    asked.on('error', (cause) => fail(proxyFailure(proxy, { origin, cause })));
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    else asked.end();
  });
}
