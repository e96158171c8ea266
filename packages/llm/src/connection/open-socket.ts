import net from 'node:net';
import tls from 'node:tls';
import type { Clock } from '@firstword/turn';
import type { ConnectionTrace } from '../trace.js';

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
  /** Certificate authorities to trust in addition to the system's, PEM. */
  ca?: string | Buffer | undefined;
  signal: AbortSignal;
}

function hostOf(origin: URL): { host: string; port: number } {
  const host = origin.hostname.startsWith('[') ? origin.hostname.slice(1, -1) : origin.hostname;
  return { host, port: Number(origin.port) || (origin.protocol === 'https:' ? 443 : 80) };
}

function startSocket({ origin, tlsSessions, ca }: OpenSocketOptions): net.Socket {
  const target = hostOf(origin);
  if (origin.protocol !== 'https:') return net.connect(target);
  const socket = tls.connect({
    ...target,
    ...(net.isIP(target.host) ? {} : { servername: target.host }),
    ...(ca === undefined ? {} : { ca }),
    ...(tlsSessions.session ? { session: tlsSessions.session } : {}),
    // HTTP/1.1 only: streams that shared an HTTP/2 connection stalled in undici (its issue 5524).
    ALPNProtocols: ['http/1.1'],
  });
  socket.on('session', (session) => {
    tlsSessions.session = session;
  });
  return socket;
}

/**
 * Opens one connection and measures DNS, TCP and TLS separately, from the socket's events. Rejects with the socket's
 * error, or with the signal's reason.
 */
export function openSocket(options: OpenSocketOptions): Promise<OpenSocket> {
  const { origin, clock, signal } = options;
  const secure = origin.protocol === 'https:';
  return new Promise((resolve, reject) => {
    let atMs = clock.nowMs();
    const lap = () => {
      const fromMs = atMs;
      atMs = clock.nowMs();
      return atMs - fromMs;
    };
    const opened: ConnectionTrace = { state: 'cold' };
    const socket = startSocket(options);
    socket.setNoDelay(true).setKeepAlive(true, 30_000);
    const settle = (act: () => void) => {
      signal.removeEventListener('abort', onAbort);
      socket.off('error', onError);
      act();
    };
    const onError = (error: Error) => settle(() => reject(error));
    const onAbort = () =>
      settle(() => {
        socket.on('error', () => {}).destroy();
        reject(signal.reason);
      });
    const onReady = () =>
      settle(() => {
        if (socket instanceof tls.TLSSocket && socket.isSessionReused()) opened.state = 'resumed';
        resolve({ socket, opened });
      });
    socket.once('error', onError);
    socket.once('lookup', () => {
      // Node emits this event at once for an IP address, without a look-up.
      if (!net.isIP(hostOf(origin).host)) opened.dnsMs = lap();
    });
    socket.once('connect', () => {
      opened.tcpMs = lap();
      if (!secure) onReady();
    });
    socket.once('secureConnect', () => {
      opened.tlsMs = lap();
      onReady();
    });
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}
