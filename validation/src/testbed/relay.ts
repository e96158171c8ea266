import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type Socket as TcpSocket } from 'node:net';
import { type Clock, FirstwordError } from '@firstword/turn';
import { type Random, seededRandom } from '@firstword/turn/statistics';

/** How bad a line is, in either direction. */
export interface LineFaults {
  /** Every datagram arrives so much later, ms. */
  delayMs: number;
  /** Of a hundred datagrams so many do not arrive, 0 to 100. */
  lossPercent: number;
}

export interface RelayOptions extends LineFaults {
  /** Where clients come to. Port 0 takes a free one. */
  host: string;
  tcpPort: number;
  udpPort: number;
  /** Where it all goes. */
  to: { host: string; tcpPort: number; udpPort: number };
  /** Whoever comes from this address is on no bad line: what is theirs passes as it is. */
  spared?: string;
  clock: Clock;
  /** The same seed loses the same datagrams; 1 unless told. */
  seed?: number;
}

export interface Relay {
  readonly tcpPort: number;
  readonly udpPort: number;
  close(): Promise<void>;
}

async function bound(socket: Socket, port: number, host: string): Promise<Socket> {
  socket.bind(port, host);
  await once(socket, 'listening');
  return socket;
}

/** Datagrams to and fro, each client by a socket of its own, late and lossy as told. */
class Datagrams {
  readonly #options: RelayOptions;
  readonly #front = createSocket('udp4');
  readonly #backs = new Map<string, Socket>();
  readonly #stops = new Set<() => void>();
  readonly #random: Random;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#random = seededRandom(options.seed ?? 1);
    this.#front.on('message', (data, { address, port }) => {
      const back = this.#backFor(address, port);
      const { host, udpPort } = options.to;
      this.#carry(address, () => back.send(data, udpPort, host));
    });
  }

  async open(): Promise<number> {
    await bound(this.#front, this.#options.udpPort, this.#options.host);
    return this.#front.address().port;
  }

  close(): void {
    for (const stop of this.#stops) stop();
    for (const socket of [this.#front, ...this.#backs.values()]) socket.close();
  }

  #backFor(address: string, port: number): Socket {
    const client = `${address}:${port}`;
    const known = this.#backs.get(client);
    if (known) return known;
    const back = createSocket('udp4');
    back.on('message', (data) => this.#carry(address, () => this.#front.send(data, port, address)));
    // Nobody there any more: what was on its way is lost, as on any line.
    back.on('error', () => {});
    this.#backs.set(client, back);
    return back;
  }

  #carry(client: string, send: () => void): void {
    const { delayMs, lossPercent, clock, spared } = this.#options;
    if (client === spared) {
      send();
      return;
    }
    if (this.#random.uniform() * 100 < lossPercent) return;
    const stop = clock.schedule(delayMs, () => {
      this.#stops.delete(stop);
      send();
    });
    this.#stops.add(stop);
  }
}

/**
 * Stands between clients and a LiveKit server as a long or bad line does: datagrams, which are the voices, come late or
 * not at all; the connection on which client and server make arrangements passes as it is.
 * @throws FirstwordError `port_in_use`
 */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const { host, to } = options;
  const datagrams = new Datagrams(options);
  const open = new Set<TcpSocket>();
  const server = createServer((client) => {
    const back = connect(to.tcpPort, to.host);
    for (const [one, other] of [
      [client, back],
      [back, client],
    ] as const) {
      open.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
    }
  });
  try {
    server.listen(options.tcpPort, host);
    await once(server, 'listening');
    const udpPort = await datagrams.open();
    const close = async () => {
      datagrams.close();
      for (const socket of open) socket.destroy();
      await new Promise((done) => server.close(done));
    };
    return { tcpPort: (server.address() as { port: number }).port, udpPort, close };
  } catch (cause) {
    server.close();
    throw new FirstwordError('port_in_use', `the relay cannot listen on ${host}: choose other ports`, {
      cause,
    });
  }
}
