import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FirstwordError } from '@firstword/turn';
import { RecordFollower } from './record-follower.js';
import { TurnMetrics } from './turn-metrics.js';

/** Options of `serveMetrics`. */
export interface MetricsServerOptions {
  /** Folder of the turn records that agents append to. */
  dir: string;
  /** Port to listen on; 0 takes a free one. */
  port: number;
  /** Address to listen on; `127.0.0.1` by default. */
  host?: string;
  signal?: AbortSignal | undefined;
}

/** A running metrics server. */
export interface MetricsServer {
  /** Address of the metrics, such as `http://127.0.0.1:9464/metrics`. */
  readonly url: string;
  close(): Promise<void>;
}

function answer(response: ServerResponse, status: number, text: string, type = 'text/plain'): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(text);
}

async function scrape(response: ServerResponse, follower: RecordFollower, metrics: TurnMetrics) {
  try {
    await follower.poll();
    answer(response, 200, await metrics.registry.metrics(), metrics.registry.contentType);
  } catch (error) {
    answer(response, 500, `${error instanceof Error ? error.message : String(error)}\n`);
  }
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    const message = `metrics cannot be served on ${host}:${port} (${(cause as NodeJS.ErrnoException).code}): choose another port`;
    throw new FirstwordError('bad_input', message, { cause });
  }
}

/**
 * Serves the turn records of a folder as Prometheus metrics. Records are read at each scrape, and only the new
 * ones, so that an idle server costs nothing. Each call runs in its own process, so the folder
 * is what they share; after a restart, counters are rebuilt from the records that still exist.
 * @throws FirstwordError `bad_input` where the port is taken
 */
export async function serveMetrics(options: MetricsServerOptions): Promise<MetricsServer> {
  const { dir, port, host = '127.0.0.1', signal } = options;
  signal?.throwIfAborted();
  const metrics = new TurnMetrics();
  const follower = new RecordFollower({
    dir,
    onRecord: (record) => metrics.observe(record),
    onCall: (record) => metrics.observeCall(record),
    onBadLine: () => metrics.unreadable(),
  });
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    if (request.method !== 'GET' && request.method !== 'HEAD') answer(response, 405, 'only GET\n');
    else if (path === '/metrics') void scrape(response, follower, metrics);
    else if (path === '/healthz') answer(response, 200, 'ok\n');
    else answer(response, 404, 'metrics are at /metrics\n');
  });
  await listen(server, host, port);
  const close = async () => {
    signal?.removeEventListener('abort', close);
    server.closeAllConnections();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  signal?.addEventListener('abort', close, { once: true });
  const { port: taken } = server.address() as AddressInfo;
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}/metrics`, close };
}
