import net from 'node:net';
import tls from 'node:tls';
import type { Clock } from '@firstword/turn';
import type { ConnectionTrace } from '../trace.js';
import { type HttpProxy, openTunnel, proxyFailure } from './proxy.js';

/** A new socket. */
export interface OpenSocket {
  socket: net.Socket;
  /** `cold` or `resumed`, with the time of each phase. */
  opened: ConnectionTrace;
}

/** The last TLS session of an endpoint; its next connection resumes it. */
export interface TlsSessionCache {
  session?: Buffer;
}

/** Options of `openSocket`. */
export interface OpenSocketOptions {
  origin: URL;
  clock: Clock;
  tlsSessions: TlsSessionCache;
  /** The proxy to go through: as a tunnel for an https origin; for an http one it takes the requests themselves. */
  proxy?: HttpProxy | undefined;
  /** What to trust; default: what Node trusts. */
  secureContext?: tls.SecureContext | undefined;
  signal: AbortSignal;
}

interface Target {
  url: URL;
  /** The socket of a tunnel to it. Default: a new connection. */
  tunnel?: net.Socket;
}

const isSecure = (url: URL) => url.protocol === 'https:';

function hostOf(url: URL): { host: string; port: number } {
  const host = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname;
  return { host, port: Number(url.port) || (isSecure(url) ? 443 : 80) };
}

function startSocket({ url, tunnel }: Target, options: OpenSocketOptions): net.Socket {
  const { origin, tlsSessions, secureContext } = options;
  const target = hostOf(url);
  if (!isSecure(url)) return net.connect(target);
  // The proxy's own TLS session must not be offered to the provider.
  const sessions = url === origin ? tlsSessions : {};
  const socket = tls.connect({
    ...target,
    ...(net.isIP(target.host) ? {} : { servername: target.host }),
    ...(tunnel ? { socket: tunnel } : {}),
    ...(secureContext ? { secureContext } : {}),
    ...(sessions.session ? { session: sessions.session } : {}),
    // HTTP/1.1 only: streams that shared an HTTP/2 connection stalled in undici (its issue 5524).
    ALPNProtocols: ['http/1.1'],
  });
  socket.on('session', (session) => {
    sessions.session = session;
  });
  return socket;
}

/** Resolves at the socket's event. Rejects with the socket's error or the signal's reason, and then destroys the socket. */
function reached(socket: net.Socket, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      signal.removeEventListener('abort', onAbort);
      socket.off(event, onEvent);
      socket.off('error', onError);
      act();
    };
    const fail = (error: unknown) =>
      settle(() => {
        socket.on('error', () => {}).destroy();
        reject(error);
      });
    const onEvent = () => settle(resolve);
    const onError = (error: Error) => fail(error);
    const onAbort = () => fail(signal.reason);
    socket.once(event, onEvent);
    socket.once('error', onError);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}

/**
 * Opens one connection and measures DNS, TCP and TLS separately, from the socket's events. Through a proxy, `dnsMs` is the
 * look-up of the proxy, and `tcpMs` ends when the proxy has connected to the origin. Rejects with the socket's error, the
 * signal's reason, or FirstwordError `connect_failed` for a proxy.
 */
export async function openSocket(options: OpenSocketOptions): Promise<OpenSocket> {
  const { origin, proxy, clock, signal } = options;
  const opened: ConnectionTrace = { state: 'cold' };
  let atMs = clock.nowMs();
  const lap = () => {
    const fromMs = atMs;
    atMs = clock.nowMs();
    return atMs - fromMs;
  };
  const first = proxy?.url ?? origin;
  let socket = startSocket({ url: first }, options);
  socket.setNoDelay(true).setKeepAlive(true, 30_000);
  socket.once('lookup', () => {
    // Node emits this event at once for an IP address, without a look-up.
    if (!net.isIP(hostOf(first).host)) opened.dnsMs = lap();
  });
  try {
    await reached(socket, 'connect', signal);
    if (proxy && isSecure(first)) await reached(socket, 'secureConnect', signal);
  } catch (cause) {
    throw proxy && !signal.aborted ? proxyFailure(proxy, { origin, cause }) : cause;
  }
  if (proxy && isSecure(origin)) {
    await openTunnel(socket, { proxy, origin, signal });
    opened.tcpMs = lap();
    // Its errors reach the TLS socket as well.
    socket.on('error', () => {});
    socket = startSocket({ url: origin, tunnel: socket }, options);
  } else opened.tcpMs = lap();
  if (isSecure(origin)) {
    await reached(socket, 'secureConnect', signal);
    opened.tlsMs = lap();
    if ((socket as tls.TLSSocket).isSessionReused()) opened.state = 'resumed';
  }
  return { socket, opened };
}
