import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** Sample rate of `inference.TTS` by default. */
const RATE_HZ = 16_000;
/** 300 ms at a level well above the silence threshold. */
const SPEECH = Buffer.from(new Int16Array((RATE_HZ * 300) / 1000).fill(5000).buffer).toString('base64');

/** An emulated TTS of LiveKit Inference. */
export interface TtsGateway {
  /** For `LIVEKIT_INFERENCE_URL`, or the option `baseURL`. */
  url: string;
  /** Sockets opened so far, the oldest first. */
  sockets: readonly WebSocket[];
  /** The texts received so far, and the number of the socket that each came through. */
  said: readonly { text: string; socket: number }[];
  /** The `session.create` messages so far. */
  created: readonly Record<string, unknown>[];
  /** Resolves once as many sockets were opened. */
  opened(count: number): Promise<void>;
  /** Resolves once as many texts were received. */
  asked(count: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * Speaks LiveKit Inference's wire of a TTS on loopback, as `@livekit/agents` 1.9.0 reads and writes it
 * (`inference/api_protos.ts`): each text is answered at once with 300 ms of audio, and each `session.flush` with `done`.
 */
export async function ttsGateway(): Promise<TtsGateway> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, path: '/tts' });
  await new Promise((resolve) => server.once('listening', resolve));
  const sockets: WebSocket[] = [];
  const said: { text: string; socket: number }[] = [];
  const created: Record<string, unknown>[] = [];
  const waiting: { isSo: () => boolean; resolve: () => void }[] = [];
  const notify = () => {
    for (const { isSo, resolve } of waiting) if (isSo()) resolve();
  };
  const until = (isSo: () => boolean) =>
    new Promise<void>((resolve) => {
      waiting.push({ isSo, resolve });
      notify();
    });
  server.on('connection', (socket) => {
    const number = sockets.push(socket) - 1;
    const send = (message: object) => socket.send(JSON.stringify({ session_id: 's', ...message }));
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as Record<string, unknown>;
      if (message.type === 'session.create') created.push(message);
      else if (message.type === 'input_transcript') {
        said.push({ text: String(message.transcript).trim(), socket: number });
        send({ type: 'output_audio', audio: SPEECH });
      } else if (message.type === 'session.flush') send({ type: 'done' });
      notify();
    });
    notify();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    sockets,
    said,
    created,
    opened: (count) => until(() => sockets.length >= count),
    asked: (count) => until(() => said.length >= count),
    close: () => {
      for (const client of server.clients) client.terminate();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
