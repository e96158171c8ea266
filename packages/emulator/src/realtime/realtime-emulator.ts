import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { FirstwordError, systemClock } from '@firstword/turn';
import { seededRandom } from '@firstword/turn/statistics';
import { WebSocket, WebSocketServer } from 'ws';
import { type Emulator, startServer } from '../emulator.js';
import { answerAsReceptionist } from '../receptionist/receptionist.js';
import type { UpgradeHandler } from '../server/listener.js';
import { transcriptRecognizer } from '../speech/hear/transcript.js';
import { toneVoice } from '../speech/tts/voice.js';
import { RealtimeChannel } from './core/channel.js';
import {
  type RealtimeConnectionFault,
  type RealtimeFaultPlan,
  RealtimeFaultSchedule,
} from './core/faults.js';
import type { RealtimeParts } from './core/parts.js';
import { DEFAULT_PROFILES, realtimeProfile } from './core/profiles.js';
import type { WireSession } from './core/session.js';
import type { RealtimeResponseTruth, RealtimeStats } from './core/truth.js';
import { REALTIME_WIRES, type RealtimeWire, wireOf } from './core/wire.js';
import { GeminiSession, type ResumableSessions } from './gemini/session.js';
import { LiveSession } from './gpt-live/session.js';
import { OPENAI } from './openai/dialect.js';
import { errorFields, OpenAISession } from './openai/session.js';
import type { RealtimeAnswers, RealtimeEmulatorOptions } from './options.js';
import { XAI } from './xai/dialect.js';

/** A running emulator of realtime APIs. Its HTTP part is an LLM emulator, as `startEmulator` starts it. */
export interface RealtimeEmulator extends Emulator {
  /**
   * Base URLs by wire, as LiveKit's plugins take them: `baseURL` of openai, xai and GPT-Live, `httpOptions.baseUrl` of google.
   */
  urls: Readonly<Record<RealtimeWire, string>>;
  /** Replaces the fault plan and restarts its counts at 1. @throws FirstwordError `bad_input` */
  setRealtimeFaults(plan: RealtimeFaultPlan): void;
  /** A snapshot of the counts since the start. */
  realtimeStats(): RealtimeStats;
  /** What happened in each response, in the order in which they were asked for. */
  responses(): RealtimeResponseTruth[];
}

function receptionist(options: RealtimeEmulatorOptions): RealtimeAnswers {
  const { seed = 1, clock = systemClock, llm } = options;
  return ({ messages, tools, toolChoice }) => {
    const today = llm?.today ?? new Date(clock.wallMs()).toISOString().slice(0, 10);
    return answerAsReceptionist({ messages, tools, toolChoice, parallelTools: true, today, seed });
  };
}

const emptyStats = (faults: Record<string, number>): RealtimeStats => ({
  connections: 0,
  openConnections: 0,
  refused: 0,
  turns: 0,
  responses: 0,
  cancelled: 0,
  errors: 0,
  faults,
});

/** Answers a request to open a WebSocket with an HTTP error. */
function refuse(socket: Duplex, status: number, message: string): void {
  const body = JSON.stringify({ error: { code: status, message } });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

function keyOf({ headers }: IncomingMessage, url: URL): string | undefined {
  const other = headers['api-key'] ?? headers['x-goog-api-key'];
  return (
    headers.authorization?.replace(/^Bearer /i, '') ??
    (typeof other === 'string' ? other : undefined) ??
    url.searchParams.get('key') ??
    undefined
  );
}

/** All of these open the connection, say why, and close it. */
function refuseKey(wire: RealtimeWire, channel: RealtimeChannel): void {
  if (wire === 'gemini') {
    channel.close(1007, 'API key not valid. Please pass a valid API key.');
    return;
  }
  const message = (wire === 'xai' ? XAI : OPENAI).wrongKey;
  channel.send({ type: 'error', error: errorFields('invalid_api_key', message, null) });
  channel.close(3000, 'invalid_request_error.invalid_api_key');
}

/** A client's request to open a session. */
interface OpeningRequest {
  wire: RealtimeWire;
  url: URL;
  request: IncomingMessage;
  fault: RealtimeConnectionFault | undefined;
}

/** Opens the sessions of clients. */
class Sessions {
  readonly #options: RealtimeEmulatorOptions;
  readonly #parts: Readonly<Record<RealtimeWire, RealtimeParts>>;
  readonly #resumable: ResumableSessions = new Map();

  constructor(options: RealtimeEmulatorOptions, parts: Readonly<Record<RealtimeWire, RealtimeParts>>) {
    this.#options = options;
    this.#parts = parts;
  }

  open(socket: WebSocket, { wire, url, request, fault }: OpeningRequest): void {
    const { stats, clock } = this.#parts[wire];
    stats.connections += 1;
    stats.openConnections += 1;
    let session: WireSession | undefined;
    const channel = new RealtimeChannel({
      socket,
      tcp: request.socket as Socket,
      clock,
      rttMs: this.#options.rttMs ?? 0,
      onEvent: (event) => session?.read(event),
      onClose: () => {
        stats.openConnections -= 1;
        session?.close();
      },
    });
    const { requireKey } = this.#options.llm ?? {};
    if (requireKey !== undefined && keyOf(request, url) !== requireKey) {
      stats.refused += 1;
      refuseKey(wire, channel);
      return;
    }
    session = this.#session(wire, channel, url);
    if (fault?.kind === 'session-expires') channel.timers.later(fault.afterMs, () => session?.expire());
  }

  #session(wire: RealtimeWire, channel: RealtimeChannel, url: URL): WireSession {
    const parts = this.#parts[wire];
    if (wire === 'gemini') return new GeminiSession({ parts, channel, resumable: this.#resumable });
    if (wire === 'gpt-live') return new LiveSession({ parts, channel });
    const model = url.searchParams.get('model') ?? parts.profile.model;
    return new OpenAISession({ parts, dialect: wire === 'xai' ? XAI : OPENAI, channel, model });
  }
}

/**
 * Answers a close frame without a code with 1000, as the providers do; `ws` would answer without one, which LiveKit's plugin for Google
 * takes for a failure.
 */
class ProviderWebSocket extends WebSocket {
  override close(code = 1000, data?: string | Buffer): void {
    super.close(code, data);
  }
}

function upgradeHandler(
  sessions: Sessions,
  stats: RealtimeStats,
  faults: () => RealtimeFaultSchedule,
): UpgradeHandler {
  const server = new WebSocketServer({ noServer: true, WebSocket: ProviderWebSocket });
  return (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const url = new URL(`ws://emulator${request.url ?? '/'}`);
    const wire = wireOf(url);
    if (!wire) {
      refuse(socket, 404, `There is no realtime API at ${url.pathname}.`);
      return;
    }
    const fault = faults().connection();
    if (fault?.kind === 'http-error') {
      stats.refused += 1;
      refuse(socket, fault.status, 'Emulated refusal.');
      return;
    }
    server.handleUpgrade(request, socket, head, (webSocket) =>
      sessions.open(webSocket, { wire, url, request, fault }),
    );
  };
}

/** What the connections of one API share. Counts, faults and latencies are shared by all APIs. */
function partsByWire(
  options: RealtimeEmulatorOptions,
  shared: Pick<RealtimeParts, 'stats' | 'truths' | 'nextFault'>,
): Readonly<Record<RealtimeWire, RealtimeParts>> {
  const { seed = 1, clock = systemClock, profile } = options;
  let ids = 0;
  const common = {
    ...shared,
    clock,
    recognizer: options.recognizer ?? transcriptRecognizer([]),
    voice: options.voice ?? toneVoice(),
    answers: options.answers ?? receptionist(options),
    latencies: seededRandom(seed, 'realtime generation'),
    newId: (kind: string) => {
      ids += 1;
      return `${kind}_${ids}`;
    },
  };
  const partsOf = (wire: RealtimeWire): RealtimeParts => ({
    ...common,
    profile: typeof profile === 'object' ? profile : realtimeProfile(profile ?? DEFAULT_PROFILES[wire]),
  });
  return Object.fromEntries(REALTIME_WIRES.map((wire) => [wire, partsOf(wire)])) as Record<
    RealtimeWire,
    RealtimeParts
  >;
}

/**
 * Starts an emulator of the realtime APIs of OpenAI (the GA events, and GPT-Live), xAI and Google (Gemini Live) on a port that also
 * serves the LLM emulator. Point LiveKit's plugins at it: `new openai.realtime.RealtimeModel({ baseURL: emulator.urls.openai })`.
 * @throws FirstwordError `port_in_use`, `bad_input` (an invalid option, fault or profile), `aborted`
 */
export async function startRealtimeEmulator(
  options: RealtimeEmulatorOptions = {},
): Promise<RealtimeEmulator> {
  const { seed = 1, clock = systemClock, llm = {}, signal, rttMs = 0 } = options;
  if (!(rttMs >= 0)) throw new FirstwordError('bad_input', `rttMs must be at least 0; got ${rttMs}.`);
  const applied: Record<string, number> = {};
  let faults = new RealtimeFaultSchedule(options.faults ?? { rules: [] }, seed, applied);
  const stats = emptyStats(applied);
  const truths: RealtimeResponseTruth[] = [];
  const parts = partsByWire(options, { stats, truths, nextFault: () => faults.response() });
  const emulator = await startServer(
    { ...llm, seed, clock, ...(signal ? { signal } : {}) },
    upgradeHandler(new Sessions(options, parts), stats, () => faults),
  );
  const { origin } = new URL(emulator.url);
  return {
    ...emulator,
    get profile() {
      return emulator.profile;
    },
    urls: { openai: emulator.url, xai: `${origin}/xai/v1`, 'gpt-live': emulator.url, gemini: origin },
    setRealtimeFaults: (plan) => {
      faults = new RealtimeFaultSchedule(plan, seed, applied);
    },
    realtimeStats: () => structuredClone(stats),
    responses: () => structuredClone(truths),
  };
}
