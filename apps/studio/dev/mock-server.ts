import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ascending, percentile } from '@firstword/turn/statistics';
import { type WebSocket, WebSocketServer } from 'ws';
import {
  AGENT_RATE_HZ,
  LEVERS,
  type LeverSet,
  MIC_RATE_HZ,
  type PageMessage,
  type ServerMessage,
} from '../src/protocol.js';
import {
  type AudioFrame,
  type AudioKind,
  decodeAudioFrame,
  encodeAudioFrame,
} from '../src/socket/audio-frame.js';
import { mockCallRecord, mockRecord, SCRIPT } from './mock-records.js';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
const LIVEKIT = Object.fromEntries(LEVERS.map((name) => [name, false])) as LeverSet;
const FIRSTWORD: LeverSet = {
  ...LIVEKIT,
  speculation: true,
  preemptiveTts: true,
  clause: true,
  trimSilence: true,
  repair: true,
};
const PROFILES = [
  {
    name: 'groq-gpt-oss-120b',
    label: 'Groq gpt-oss-120b (emulated)',
    emulated: true,
    source: 'mock data for development',
  },
  {
    name: 'gpt-4o-mini',
    label: 'Qwen/Qwen2.5-7B-Instruct@vllm-c256 (emulated)',
    emulated: true,
    source: 'mock data for development',
  },
];

/** A running mock of the studio server. */
export interface MockStudio {
  url: string;
  /** All text messages from pages, `clock` included. */
  received: PageMessage[];
  /** Capture times of the microphone frames that were not silent, ms. */
  loudMicMs: number[];
  micFrames: number;
  send(message: ServerMessage): void;
  sendAudio(frame: AudioFrame): void;
  dropConnections(): void;
  close(): Promise<void>;
}

/** A call of mock turns, to develop the page without an agent. */
class MockCall {
  readonly #socket: WebSocket;
  readonly #mock: MockStudio;
  readonly #stopped = new AbortController();
  readonly #callId: string;

  constructor(socket: WebSocket, mock: MockStudio, callId: string) {
    this.#socket = socket;
    this.#mock = mock;
    this.#callId = callId;
  }

  stop(): void {
    this.#stopped.abort();
  }

  async run(mode: 'mic' | 'sample', turns: number): Promise<void> {
    const callId = this.#callId;
    this.#send({ type: 'session', state: 'starting', callId, mode });
    this.#send({ type: 'session', state: 'live', callId, mode });
    this.#send({ type: 'call', record: mockCallRecord(callId) });
    const gapsMs: number[] = [];
    for (let number = 1; number <= turns; number++) {
      await this.#turn(number, mode);
      const gapMs = mockRecord(SCRIPT[(number - 1) % SCRIPT.length]!, number, callId, FIRSTWORD).feltGapMs;
      if (gapMs !== undefined) gapsMs.push(gapMs);
      const sortedMs = ascending(gapsMs);
      const [p50Ms, p95Ms] = [percentile(sortedMs, 50), percentile(sortedMs, 95)];
      const group = {
        llm: 'groq / gpt-oss-120b',
        emulated: true,
        turns: gapsMs.length,
        failed: 0,
        p95Ms,
      };
      this.#send({
        type: 'comparison',
        groups: [
          { ...group, levers: LIVEKIT, p50Ms: p50Ms + 300, p95Ms: group.p95Ms + 400 },
          { ...group, levers: FIRSTWORD, p50Ms },
        ],
      });
      this.#send({
        type: 'summary',
        levers: FIRSTWORD,
        turns: gapsMs.length,
        failed: 0,
        p50Ms,
        p95Ms,
      });
    }
    this.#send({ type: 'session', state: 'ended', callId, note: 'The sample call has ended.' });
  }

  async #turn(number: number, mode: 'mic' | 'sample'): Promise<void> {
    const turn = SCRIPT[(number - 1) % SCRIPT.length]!;
    this.#send({ type: 'agentState', state: 'listening' });
    const words = turn.caller.split(' ');
    for (let i = 1; i <= words.length; i += 3) {
      if (mode === 'sample') await this.#speak('sampleCaller', MIC_RATE_HZ, 15, 0, 180);
      this.#send({
        type: 'transcript',
        who: 'caller',
        kind: 'interim',
        text: words.slice(0, i).join(' ').toLowerCase(),
      });
    }
    this.#send({ type: 'transcript', who: 'caller', kind: 'final', text: turn.caller });
    this.#send({ type: 'agentState', state: 'thinking' });
    await sleep(150, undefined, { signal: this.#stopped.signal });
    this.#send({ type: 'agentState', state: 'speaking' });
    this.#send({ type: 'transcript', who: 'agent', kind: 'interim', text: turn.agent.slice(0, 20) });
    await this.#speak('agent', AGENT_RATE_HZ, 20, number, 240);
    this.#send({ type: 'turn', record: mockRecord(turn, number, this.#callId, FIRSTWORD), final: false });
    await this.#speak('agent', AGENT_RATE_HZ, 20, number, 240);
    this.#send({ type: 'transcript', who: 'agent', kind: 'final', text: turn.agent });
    this.#send({ type: 'turn', record: mockRecord(turn, number, this.#callId, FIRSTWORD), final: true });
  }

  async #speak(
    kind: AudioKind,
    rateHz: number,
    frames: number,
    value: number,
    toneHz: number,
  ): Promise<void> {
    const samples = rateHz / 50;
    for (let frame = 0; frame < frames; frame++) {
      const pcm = Int16Array.from({ length: samples }, (_, i) => {
        const s = (frame * samples + i) / rateHz;
        return 6_000 * Math.sin(2 * Math.PI * toneHz * s) * (0.6 + 0.4 * Math.sin(2 * Math.PI * 4 * s));
      });
      this.#socket.send(encodeAudioFrame({ kind, value, pcm }));
      await sleep(20, undefined, { signal: this.#stopped.signal });
    }
  }

  #send(message: ServerMessage): void {
    if (!this.#stopped.signal.aborted) this.#mock.send(message);
  }
}

/** Serves the built page and mock calls. Listens on 127.0.0.1 only. */
export async function startMockStudio(options: {
  distDir: string;
  port?: number;
  turns?: number;
}): Promise<MockStudio> {
  const http = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://x').pathname);
    const file = join(options.distDir, path.endsWith('/') ? 'index.html' : path);
    readFile(file).then(
      (body) => response.setHeader('content-type', TYPES[extname(file)] ?? 'text/plain').end(body),
      () => response.writeHead(404).end(),
    );
  });
  const sockets = new WebSocketServer({ server: http, path: '/talk' });
  const mock: MockStudio = {
    url: '',
    received: [],
    loudMicMs: [],
    micFrames: 0,
    send: (message) => {
      for (const socket of sockets.clients) socket.send(JSON.stringify(message));
    },
    sendAudio: (frame) => {
      for (const socket of sockets.clients) socket.send(encodeAudioFrame(frame));
    },
    dropConnections: () => {
      for (const socket of sockets.clients) socket.terminate();
    },
    close: async () => {
      mock.dropConnections();
      await new Promise((done) => http.close(done));
    },
  };
  sockets.on('connection', (socket) => serve(socket, mock, options.turns ?? SCRIPT.length));
  await new Promise<void>((done) => http.listen(options.port ?? 0, '127.0.0.1', done));
  mock.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/`;
  return mock;
}

function serve(socket: WebSocket, mock: MockStudio, turns: number): void {
  let call: MockCall | undefined;
  let calls = 0;
  mock.send({
    type: 'hello',
    version: '0.0.0-mock',
    profiles: PROFILES,
    profile: PROFILES[0]!.name,
    levers: LIVEKIT,
    firstword: FIRSTWORD,
    recordsDir: 'mock/',
  });
  socket.on('close', () => call?.stop());
  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) return receiveAudio(data, mock);
    const message = JSON.parse(data.toString()) as PageMessage;
    mock.received.push(message);
    if (message.type === 'levers') mock.send({ type: 'levers', inForce: LIVEKIT, next: message.levers });
    if (message.type === 'profile') mock.send({ type: 'profile', name: message.name });
    if (message.type === 'start' || message.type === 'stop') call?.stop();
    if (message.type !== 'start') return;
    call = new MockCall(socket, mock, `mock-${++calls}`);
    call.run(message.mode, turns).catch(() => undefined);
  });
}

function receiveAudio(data: Buffer, mock: MockStudio): void {
  const frame = decodeAudioFrame(new Uint8Array(data).buffer);
  if (frame?.kind !== 'mic') return;
  mock.micFrames++;
  if (frame.pcm.some((x) => Math.abs(x) > 1_000)) mock.loudMicMs.push(frame.value);
}
