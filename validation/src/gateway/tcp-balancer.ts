import { connect, createServer, type Socket } from 'node:net';

/** A TCP balancer without knowledge of HTTP, as a cloud's network balancer or HAProxy in TCP mode. */
export interface TcpBalancer {
  port: number;
  /** Connections that were handed to each server so far. */
  handedOut: readonly number[];
  close(): Promise<void>;
}

/** Copies one direction, with backpressure; a broken end breaks the other end too. */
function join(from: Socket, to: Socket): void {
  from.pipe(to);
  from.on('error', () => to.destroy());
  from.on('close', (hadError) => {
    if (hadError) to.resetAndDestroy();
  });
}

/**
 * Hands each new connection to the next server; one that refuses it is left out, as a balancer does after a failed
 * connection.
 * @param ports ports of the servers, on loopback
 */
export async function startTcpBalancer(ports: readonly number[]): Promise<TcpBalancer> {
  const handedOut = ports.map(() => 0);
  const open = new Set<Socket>();
  let next = 0;
  const hand = (client: Socket, at: number, tries: number) => {
    const server = connect({ host: '127.0.0.1', port: ports[at]!, noDelay: true });
    const refused = () => {
      if (tries > 1 && !client.destroyed) hand(client, (at + 1) % ports.length, tries - 1);
      else client.resetAndDestroy();
    };
    server.once('error', refused);
    server.once('connect', () => {
      server.off('error', refused);
      handedOut[at]! += 1;
      open.add(server);
      server.once('close', () => open.delete(server));
      join(client, server);
      join(server, client);
    });
  };
  const front = createServer({ noDelay: true, pauseOnConnect: false }, (client) => {
    open.add(client);
    client.once('close', () => open.delete(client));
    client.on('error', () => client.destroy());
    hand(client, next, ports.length);
    next = (next + 1) % ports.length;
  });
  await new Promise<void>((resolve, reject) => {
    front.once('error', reject);
    front.listen(0, '127.0.0.1', resolve);
  });
  const { port } = front.address() as { port: number };
  const close = () =>
    new Promise<void>((resolve) => {
      front.close(() => resolve());
      for (const socket of open) socket.destroy();
    });
  return { port, handedOut, close };
}
