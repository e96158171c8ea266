import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { UpgradeHandler } from '../../server/listener.js';
import type { ConnectionFault } from '../faults/speech-fault.js';
import type { SpeechService, SpeechServiceStats } from '../service.js';
import type { SpeechWire } from '../wires/wire.js';
import { resetSocket, type SharedSpeechParts, SpeechConnection } from './connection.js';

/** Answers a request to open a WebSocket with an HTTP error. */
function refuse(socket: Duplex, status: number): void {
  const body = JSON.stringify({ error: { code: status, message: 'Emulated refusal.' } });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

/** Closes the connection once the client has sent nothing for `afterMs`; what it sends at that moment is lost. */
function closeWhenIdle(connection: SpeechConnection, afterMs: number): void {
  const { clock } = connection.shared;
  let cancel = () => {};
  const restart = () => {
    cancel();
    cancel = clock.schedule(afterMs, () => connection.socket.close(1000));
  };
  restart();
  connection.socket.on('message', restart);
  connection.socket.once('close', () => cancel());
}

/** A request to open a WebSocket. */
interface UpgradeRequest {
  request: IncomingMessage;
  socket: Duplex;
  head: Buffer;
  url: URL;
}

/** Opens the WebSockets of the services' wires. */
export function upgradeHandler(options: {
  wires: readonly SpeechWire[];
  shared: SharedSpeechParts;
  stats: Record<SpeechService, SpeechServiceStats>;
  requireKey: string | undefined;
}): UpgradeHandler {
  const { wires, shared, requireKey } = options;
  const server = new WebSocketServer({ noServer: true });
  const open = (wire: SpeechWire, upgrade: UpgradeRequest, fault: ConnectionFault | undefined) => {
    const { request, socket, head, url } = upgrade;
    const { service } = wire;
    const stats = options.stats[service];
    server.handleUpgrade(request, socket, head, (webSocket) => {
      stats.connections += 1;
      stats.openConnections += 1;
      webSocket.once('close', () => {
        stats.openConnections -= 1;
      });
      const tcp = request.socket as Socket;
      const { headers } = request;
      const connection = new SpeechConnection({
        socket: webSocket,
        tcp,
        url,
        headers,
        service,
        shared,
        stats,
      });
      wire.accept(connection);
      if (fault?.kind === 'close-idle') closeWhenIdle(connection, fault.afterMs);
    });
  };
  return (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const url = new URL(request.url ?? '/', 'ws://emulator');
    const wire = wires.find(({ path }) => path.test(url.pathname));
    if (!wire) {
      refuse(socket, 404);
      return;
    }
    const fault = shared.faults().connection(wire.service);
    const refusal = refusalOf(wire, request, url, requireKey, fault);
    if (refusal !== undefined) {
      options.stats[wire.service].refused += 1;
      if (refusal === 'reset') resetSocket(request.socket as Socket);
      else refuse(socket, refusal);
    } else if (fault?.kind === 'slow-handshake') {
      const work = () => open(wire, { request, socket, head, url }, fault);
      socket.once('close', shared.clock.schedule(fault.delayMs, work));
    } else {
      open(wire, { request, socket, head, url }, fault);
    }
  };
}

/** The HTTP status that refuses a client, `reset` for a reset connection, or `undefined` if it may connect. */
function refusalOf(
  wire: SpeechWire,
  request: IncomingMessage,
  url: URL,
  requireKey: string | undefined,
  fault: ConnectionFault | undefined,
): number | 'reset' | undefined {
  if (fault?.kind === 'refuse') return 'reset';
  if (fault?.kind === 'http-error') return fault.status;
  return requireKey !== undefined && wire.keyOf(request.headers, url) !== requireKey ? 401 : undefined;
}
