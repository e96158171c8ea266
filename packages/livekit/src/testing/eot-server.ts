import type { AddressInfo } from 'node:net';
import { AgentInference } from '@livekit/protocol';
import { type WebSocket, WebSocketServer } from 'ws';

const { ClientMessage, ServerMessage, SessionCreated, EotPrediction, InferenceStats } = AgentInference;

/** What the server does with a question: a probability, or one of its faults. */
export type EotReply = number | 'nothing' | 'close';

/** An emulated turn detector of LiveKit Cloud. */
export interface EotServer {
  /** For `LIVEKIT_INFERENCE_URL`. */
  url: string;
  /** Kinds of the client's messages so far; audio is not among them. */
  received: string[];
  /** Samples of audio received so far. */
  audioSamples(): number;
  close(): Promise<void>;
}

/**
 * Speaks LiveKit Inference's wire of the turn detector `v1` on loopback: protobuf messages over a WebSocket at `/eot`, as
 * `@livekit/agents` 1.9.0 reads and writes them.
 * @param reply called for each question
 * @param options.threshold the default threshold that the server reports, 0 to 1
 */
export async function eotServer(
  reply: () => EotReply,
  options: { threshold?: number } = {},
): Promise<EotServer> {
  const { threshold = 0.5 } = options;
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, path: '/eot' });
  await new Promise((resolve) => server.once('listening', resolve));
  const received: string[] = [];
  let audioSamples = 0;
  server.on('connection', (socket) => {
    const send = (message: ConstructorParameters<typeof ServerMessage>[0]) =>
      socket.send(new ServerMessage(message).toBinary());
    socket.on('message', (data: Buffer) => {
      const { message } = ClientMessage.fromBinary(new Uint8Array(data));
      if (message.case === 'inputAudio') {
        audioSamples += message.value.numSamples;
        return;
      }
      received.push(message.case ?? 'nothing');
      if (message.case === 'sessionCreate') {
        const created = new SessionCreated({
          defaultThresholds: { en: threshold },
          defaultThreshold: threshold,
        });
        send({ message: { case: 'sessionCreated', value: created } });
      } else if (message.case === 'inferenceStart') {
        answer(socket, reply(), (probability) =>
          send({
            requestId: message.value.requestId,
            message: {
              case: 'eotPrediction',
              value: new EotPrediction({ probability, inferenceStats: new InferenceStats() }),
            },
          }),
        );
      }
    });
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    audioSamples: () => audioSamples,
    close: () => {
      for (const client of server.clients) client.terminate();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function answer(socket: WebSocket, reply: EotReply, predict: (probability: number) => void): void {
  if (typeof reply === 'number') predict(reply);
  else if (reply === 'close') socket.close();
}
