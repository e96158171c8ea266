import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** How the server behaves. */
export type RespBehaviour =
  /** As Valkey does, for the commands that `valkeyMemory` sends. */
  | { kind: 'honest' }
  /** Accepts connections and never answers. */
  | { kind: 'frozen' }
  | { kind: 'slow'; ms: number }
  /** Refuses every write for want of memory. */
  | { kind: 'full' }
  /** Answers each command with these bytes. */
  | { kind: 'lying'; reply: (command: string[]) => string };

/** A server that speaks enough of Redis's protocol (RESP 2) for the tests of a store, and misbehaves on demand. */
export interface RespServer {
  readonly url: string;
  readonly port: number;
  behaviour: RespBehaviour;
  /** Every command that came, oldest first. */
  readonly commands: string[][];
  readonly strings: Map<string, string>;
  readonly streams: Map<string, { id: number; record: string }[]>;
  /** Connections that are open. */
  readonly connections: number;
  /** Cuts every connection and takes no new ones, until `start()`. */
  stop(): Promise<void>;
  /** Listens on the same port again. */
  start(): Promise<void>;
}

/** A bulk string. */
export const bulk = (text: string) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
/** An array of replies. */
export const array = (items: readonly string[]) => `*${items.length}\r\n${items.join('')}`;

/** Takes whole commands (arrays of bulk strings) from the front of a buffer. */
function takeCommands(buffer: Buffer): { commands: string[][]; rest: Buffer } {
  const commands: string[][] = [];
  let at = 0;
  const line = () => {
    const end = buffer.indexOf('\r\n', at);
    if (end < 0) return undefined;
    const text = buffer.toString('utf8', at, end);
    at = end + 2;
    return text;
  };
  for (;;) {
    const start = at;
    const count = Number(line()?.slice(1));
    const words: string[] = [];
    while (words.length < count) {
      const length = Number(line()?.slice(1));
      if (!(at + length + 2 <= buffer.length)) return { commands, rest: buffer.subarray(start) };
      words.push(buffer.toString('utf8', at, at + length));
      at += length + 2;
    }
    if (!(count > 0)) return { commands, rest: buffer.subarray(start) };
    commands.push(words);
  }
}

const OUT_OF_MEMORY = "-OOM command not allowed when used memory > 'maxmemory'.\r\n";

class Store {
  readonly strings = new Map<string, string>();
  readonly streams = new Map<string, { id: number; record: string }[]>();
  #nextId = 1;

  answer([name = '', key = '', ...rest]: string[], options: { password: string | undefined }): string {
    switch (name.toUpperCase()) {
      case 'AUTH':
        return [key, ...rest].at(-1) === options.password
          ? '+OK\r\n'
          : '-WRONGPASS invalid username-password pair or user is disabled.\r\n';
      case 'SET':
        this.strings.set(key, rest[0]!);
        return '+OK\r\n';
      case 'GETRANGE':
        return bulk((this.strings.get(key) ?? '').slice(0, Number(rest[1]) + 1));
      case 'XADD':
        return this.#add(key, rest.at(-1)!);
      case 'XREVRANGE':
        return this.#range(key, rest);
      case 'PEXPIRE':
        return ':1\r\n';
      case 'SELECT':
        return '+OK\r\n';
      case 'PING':
        return '+PONG\r\n';
      default:
        return `-ERR unknown command '${name}'\r\n`;
    }
  }

  #add(key: string, record: string): string {
    const stream = this.streams.get(key) ?? [];
    this.streams.set(key, stream);
    stream.push({ id: this.#nextId, record });
    if (stream.length > 800) stream.shift();
    this.#nextId += 1;
    return bulk(`${this.#nextId - 1}-0`);
  }

  #range(key: string, [, since = '-', , count]: string[]): string {
    const after = since === '-' ? 0 : Number.parseInt(since.slice(1), 10);
    const found = (this.streams.get(key) ?? []).filter(({ id }) => id > after).slice(-Number(count));
    return array(
      found.reverse().map(({ id, record }) => array([bulk(`${id}-0`), array([bulk('r'), bulk(record)])])),
    );
  }
}

const WRITES = new Set(['SET', 'XADD']);

/** Starts a server on loopback. @param options.password clients must give it */
export async function respServer(options: { password?: string } = {}): Promise<RespServer> {
  const store = new Store();
  const sockets = new Set<Socket>();
  const commands: string[][] = [];
  const state: { behaviour: RespBehaviour } = { behaviour: { kind: 'honest' } };
  const write = (socket: Socket, text: string) => {
    if (!socket.destroyed) socket.write(text);
  };
  const reply = (socket: Socket, command: string[]) => {
    const { behaviour } = state;
    commands.push(command);
    const honest = () => store.answer(command, { password: options.password });
    if (behaviour.kind === 'frozen') return;
    if (behaviour.kind === 'slow') setTimeout(() => write(socket, honest()), behaviour.ms);
    else if (behaviour.kind === 'lying') write(socket, behaviour.reply(command));
    else if (behaviour.kind === 'full' && WRITES.has(command[0]!)) write(socket, OUT_OF_MEMORY);
    else write(socket, honest());
  };
  const server = createServer((socket) => {
    let rest: Buffer = Buffer.alloc(0);
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (bytes: Buffer) => {
      const taken = takeCommands(Buffer.concat([rest, bytes]));
      rest = taken.rest;
      for (const command of taken.commands) reply(socket, command);
    });
  });
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    commands,
    strings: store.strings,
    streams: store.streams,
    get connections() {
      return sockets.size;
    },
    get behaviour() {
      return state.behaviour;
    },
    set behaviour(behaviour) {
      state.behaviour = behaviour;
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      if (!server.listening) return;
      server.close();
      await once(server, 'close');
    },
    start: () => listen(port),
  };
}
