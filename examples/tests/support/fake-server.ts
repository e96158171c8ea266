import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type RegisterWorkerRequest, ServerMessage, WorkerMessage } from '@livekit/protocol';
import { type WebSocket, WebSocketServer } from 'ws';

/** As much of a LiveKit server as a worker needs to register. */
export interface FakeServer {
  url: string;
  /** Resolves with the next worker's registration. */
  registered(): Promise<RegisterWorkerRequest>;
  close(): void;
}

/** Starts a server on a free port of this machine. */
export async function startFakeServer(): Promise<FakeServer> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const waiting: ((request: RegisterWorkerRequest) => void)[] = [];
  const answer = (socket: WebSocket, data: Uint8Array) => {
    const { message } = WorkerMessage.fromBinary(data);
    if (message.case !== 'register') return;
    socket.send(new ServerMessage({ message: { case: 'register', value: { workerId: 'W1' } } }).toBinary());
    waiting.shift()?.(message.value);
  };
  server.on('connection', (socket) => socket.on('message', (data: Buffer) => answer(socket, data)));
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    registered: () => new Promise((resolve) => waiting.push(resolve)),
    close: () => {
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}
