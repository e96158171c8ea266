import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { FirstwordError, systemClock } from '@firstword/turn';
import { seededRandom } from '@firstword/turn/statistics';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Emulator, startServer } from '../emulator.js';
import { answerAsReceptionist } from '../receptionist/receptionist.js';
import type { UpgradeHandler } from '../server/listener.js';
import { transcriptRecognizer } from '../speech/hear/transcript.js';
import { toneVoice } from '../speech/tts/voice.js';
import { RealtimeChannel } from './channel.js';
import { type RealtimeConnectionFault, type RealtimeFaultPlan, RealtimeFaultSchedule } from './faults.js';
import type { RealtimeAnswers, RealtimeEmulatorOptions } from './options.js';
import { realtimeProfile } from './profiles.js';
import type { RealtimeParts } from './responder.js';
import { errorFields, RealtimeSession } from './session.js';
import type { RealtimeResponseTruth, RealtimeStats } from './truth.js';

/** A running emulator of OpenAI's realtime API. Its HTTP part is an LLM emulator, as `startEmulator` starts it. */
export interface RealtimeEmulator extends Emulator {
  /** Replaces the fault plan and restarts its counts at 1. @throws FirstwordError `bad_input` */
  setRealtimeFaults(plan: RealtimeFaultPlan): void;
  /** A snapshot of the counts since the start. */
  realtimeStats(): RealtimeStats;
  /** What happened in each response, in the order in which they were asked for. */
  responses(): RealtimeResponseTruth[];
}

const PATH = /^(?:\/[^/]+)?\/realtime\/?$/;

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
function refuse(socket: Duplex, status: number): void {
  const body = JSON.stringify({ error: { code: status, message: 'Emulated refusal.' } });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

function keyOf({ headers }: IncomingMessage): string | undefined {
  const azure = headers['api-key'];
  return headers.authorization?.replace(/^Bearer /i, '') ?? (typeof azure === 'string' ? azure : undefined);
}

/** Opens the sessions of clients. */
class Sessions {
  readonly #options: RealtimeEmulatorOptions;
  readonly #shared: RealtimeParts;
  readonly #recognizer;
  #ids = 0;

  constructor(options: RealtimeEmulatorOptions, shared: RealtimeParts) {
    this.#options = options;
    this.#shared = shared;
    this.#recognizer = options.recognizer ?? transcriptRecognizer([]);
  }

  open(socket: WebSocket, request: IncomingMessage, fault: RealtimeConnectionFault | undefined): void {
    const { stats, clock, profile } = this.#shared;
    stats.connections += 1;
    stats.openConnections += 1;
    const { requireKey } = this.#options.llm ?? {};
    const isKeyWrong = requireKey !== undefined && keyOf(request) !== requireKey;
    let session: RealtimeSession | undefined;
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
    if (isKeyWrong) {
      stats.refused += 1;
      // OpenAI opens the connection, says why, and closes it.
      const message =
        'Incorrect API key provided. You can find your API key at https://platform.openai.com/account/api-keys.';
      channel.send({ type: 'error', error: errorFields('invalid_api_key', message, null) });
      channel.close(3000, 'invalid_request_error.invalid_api_key');
      return;
    }
    const url = new URL(request.url ?? '/', 'ws://emulator');
    session = new RealtimeSession({
      shared: this.#shared,
      channel,
      recognizer: this.#recognizer,
      model: url.searchParams.get('model') ?? profile.model,
      newId: (kind) => this.#newId(kind),
    });
    if (fault?.kind === 'session-expires') channel.timers.later(fault.afterMs, () => session?.expire());
  }

  #newId(kind: string): string {
    this.#ids += 1;
    return `${kind}_${this.#ids}`;
  }
}

function upgradeHandler(
  sessions: Sessions,
  stats: RealtimeStats,
  faults: () => RealtimeFaultSchedule,
): UpgradeHandler {
  const server = new WebSocketServer({ noServer: true });
  return (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const { pathname } = new URL(request.url ?? '/', 'ws://emulator');
    if (!PATH.test(pathname)) {
      refuse(socket, 404);
      return;
    }
    const fault = faults().connection();
    if (fault?.kind === 'http-error') {
      stats.refused += 1;
      refuse(socket, fault.status);
      return;
    }
    server.handleUpgrade(request, socket, head, (webSocket) => sessions.open(webSocket, request, fault));
  };
}

/**
 * Starts an emulator of OpenAI's realtime API (the GA events) on a port that also serves the LLM emulator. Point LiveKit's plugin
 * at it: `new openai.realtime.RealtimeModel({ baseURL: emulator.url })`.
 * @throws FirstwordError `port_in_use`, `bad_input` (an invalid option, fault or profile), `aborted`
 */
export async function startRealtimeEmulator(
  options: RealtimeEmulatorOptions = {},
): Promise<RealtimeEmulator> {
  const {
    seed = 1,
    clock = systemClock,
    llm = {},
    signal,
    profile = 'gpt-realtime-1.5',
    rttMs = 0,
  } = options;
  if (!(rttMs >= 0)) throw new FirstwordError('bad_input', `rttMs must be at least 0; got ${rttMs}.`);
  const applied: Record<string, number> = {};
  let faults = new RealtimeFaultSchedule(options.faults ?? { rules: [] }, seed, applied);
  const stats = emptyStats(applied);
  const truths: RealtimeResponseTruth[] = [];
  const sessions = new Sessions(options, {
    clock,
    stats,
    truths,
    profile: typeof profile === 'string' ? realtimeProfile(profile) : profile,
    voice: options.voice ?? toneVoice(),
    answers: options.answers ?? receptionist(options),
    latencies: seededRandom(seed, 'realtime generation'),
    nextFault: () => faults.response(),
  });
  const emulator = await startServer(
    { ...llm, seed, clock, ...(signal ? { signal } : {}) },
    upgradeHandler(sessions, stats, () => faults),
  );
  return {
    ...emulator,
    get profile() {
      return emulator.profile;
    },
    setRealtimeFaults: (plan) => {
      faults = new RealtimeFaultSchedule(plan, seed, applied);
    },
    realtimeStats: () => structuredClone(stats),
    responses: () => structuredClone(truths),
  };
}
