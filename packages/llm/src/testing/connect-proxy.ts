import { createServer, type IncomingMessage, request } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { generate } from 'selfsigned';
import { onTestFinished } from 'vitest';

/** The host that the proxy stands in front of. No name server knows it. */
export const HIDDEN_HOST = 'api.provider.test';

/** A forward proxy for tests. */
export interface ConnectProxy {
  /** Its URL, without a user name and password. */
  url: string;
  /** Certificate authority of `https://HIDDEN_HOST`, PEM. */
  ca: string;
  /** What it was asked for: `CONNECT host:port`, or the method and the whole URL. */
  asked: string[];
  /** The `Proxy-Authorization` headers. */
  authorizations: (string | undefined)[];
  /** Status to refuse with; `undefined` lets requests through. */
  refuseWith: number | undefined;
}

/**
 * A forward proxy on a free port, closed when the test ends. It ends the TLS of `https://HIDDEN_HOST` itself and sends what
 * is inside to the server at `baseUrl`. Plain requests are sent there too.
 */
export async function connectProxy(baseUrl: string): Promise<ConnectProxy> {
  const target = new URL(baseUrl);
  const certificate = await generate([{ name: 'commonName', value: 'proxy in a test' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: HIDDEN_HOST }] },
    ],
  });
  const server = createServer((incoming, response) => {
    note(incoming, `${incoming.method} ${incoming.url}`);
    if (proxy.refuseWith !== undefined) {
      response.writeHead(proxy.refuseWith).end();
      return;
    }
    const { pathname, search, host } = new URL(incoming.url!);
    const { 'proxy-authorization': _, ...headers } = incoming.headers;
    const passed = request(
      {
        host: target.hostname,
        port: target.port,
        method: incoming.method,
        path: pathname + search,
        headers: { ...headers, host },
      },
      (answer) => answer.pipe(response.writeHead(answer.statusCode!, answer.headers)),
    );
    passed.on('error', () => response.destroy());
    incoming.pipe(passed);
  });
  const proxy: ConnectProxy = {
    url: '',
    ca: certificate.cert,
    asked: [],
    authorizations: [],
    refuseWith: undefined,
  };
  const open = new Set<Socket>();
  const note = ({ headers }: IncomingMessage, what: string) => {
    proxy.asked.push(what);
    proxy.authorizations.push(headers['proxy-authorization']);
  };
  const joined = (one: Socket, other: Socket) => {
    one.pipe(other).pipe(one);
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const)
      from.on('error', () => to.destroy()).on('close', () => to.destroy());
  };
  server.on('connection', (socket) => open.add(socket));
  server.on('connect', (incoming: IncomingMessage, socket: Socket) => {
    note(incoming, `CONNECT ${incoming.url}`);
    socket.on('error', () => {});
    if (proxy.refuseWith !== undefined) {
      socket.end(`HTTP/1.1 ${proxy.refuseWith} Refused\r\nconnection: close\r\n\r\n`);
      return;
    }
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    const inside = new TLSSocket(socket, {
      isServer: true,
      key: certificate.private,
      cert: certificate.cert,
      ALPNProtocols: ['http/1.1'],
    });
    joined(inside, connect(Number(target.port), target.hostname));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(() => {
    server.close();
    for (const socket of open) socket.destroy();
  });
  return proxy;
}
