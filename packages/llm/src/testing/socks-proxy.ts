import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** SOCKS 5 (RFC 1928). */
const VERSION = 5;
const IPV4 = 1;

/** A SOCKS 5 proxy for tests. */
export interface SocksProxy {
  /** Such as `socks5://127.0.0.1:40123`. */
  url: string;
  /** Connections that it has opened. */
  connections(): number;
}

/** The next bytes of a socket, once so many are there. */
async function bytesOf(socket: Socket, count: number): Promise<Buffer> {
  for (;;) {
    const bytes = socket.read(count) as Buffer | null;
    if (bytes) return bytes;
    await new Promise((resolve, reject) => socket.once('readable', resolve).once('close', reject));
  }
}

/** The address in a request: the tests connect to IPv4 addresses only. */
async function targetOf(socket: Socket): Promise<{ host: string; port: number }> {
  const [, methods] = await bytesOf(socket, 2);
  await bytesOf(socket, methods!);
  socket.write(Buffer.from([VERSION, 0]));
  const request = await bytesOf(socket, 10);
  if (request[3] !== IPV4) throw new Error('the request is for no IPv4 address');
  return { host: [...request.subarray(4, 8)].join('.'), port: request.readUInt16BE(8) };
}

/** A SOCKS 5 proxy without authentication on a free port, closed when the test ends. */
export async function socksProxy(): Promise<SocksProxy> {
  let opened = 0;
  const open = new Set<Socket>();
  const serve = async (socket: Socket) => {
    const target = connect(await targetOf(socket));
    open.add(target);
    target.on('error', () => socket.destroy()).on('close', () => socket.destroy());
    socket.on('close', () => target.destroy());
    target.once('connect', () => {
      opened += 1;
      socket.write(Buffer.from([VERSION, 0, 0, IPV4, 127, 0, 0, 1, 0, 0]));
      socket.pipe(target).pipe(socket);
    });
  };
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => {});
    serve(socket).catch(() => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    for (const socket of open) socket.destroy();
  });
  return {
    url: `socks5://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => opened,
  };
}
