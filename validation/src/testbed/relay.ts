import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type Socket as TcpSocket } from 'node:net';
import { type Clock, FirstwordError } from '@firstword/turn';
import { type Random, seededRandom } from '@firstword/turn/statistics';

/** Impairments of a link, applied in each direction. */
export interface LinkFaults {
  /** Delay of every datagram, ms. */
  delayMs: number;
  /** Datagrams to drop, percent. */
  lossPercent: number;
}

/** Options of `startRelay`. */
export interface RelayOptions extends LinkFaults {
  /** Address to listen on. Port 0 picks a free one. */
  host: string;
  tcpPort: number;
  udpPort: number;
  /** Destination of everything received. */
  to: { host: string; tcpPort: number; udpPort: number };
  /** Datagrams of clients with this address are forwarded without delay or loss. */
  bypassAddress?: string;
  clock: Clock;
  /** The same seed drops the same datagrams. Default 1. */
  seed?: number;
}

/** A running relay. */
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

/** Forwards datagrams in both directions with delay and loss, with one server-side socket per client. */
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
    // The server is gone: drop the datagram, as a network would.
    back.on('error', () => {});
    this.#backs.set(client, back);
    return back;
  }

  #carry(client: string, send: () => void): void {
    const { delayMs, lossPercent, clock, bypassAddress } = this.#options;
    if (client === bypassAddress) {
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
 * Starts a relay between clients and a LiveKit server that simulates a slow or lossy network. Datagrams, which carry the
 * audio, are delayed and dropped; the TCP signalling connection is forwarded unchanged.
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
