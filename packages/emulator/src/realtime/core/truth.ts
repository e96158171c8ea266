import type { RealtimeWire } from './wire.js';

/** What happened in one response, on the emulator's clock, ms: the truth to compare a client's figures with. */
export interface RealtimeResponseTruth {
  id: string;
  /** The wire of its connection. */
  wire?: RealtimeWire;
  /** The caller's last speech, as audio since the connection's first sample, ms; `undefined` if the client asked for it. */
  speechEndAudioMs?: number;
  /** Where the turn detection ended the turn, as audio, ms. */
  turnEndAudioMs?: number;
  /** When it did. */
  turnEndedMs?: number;
  /** When the provider said that it has begun: OpenAI and xAI only. Without the way to the client, as all times. */
  createdMs?: number;
  /** When the first audio or text was sent. GPT-Live sends audio all the time: the first of the answer. */
  firstContentMs?: number;
  /** When GPT-Live handed the work to the client. */
  delegatedMs?: number;
  /** The fault that applied. */
  fault?: string;
  /**
   * How it ended: the status of OpenAI's `response.done`; on the other wires `completed`, `cancelled` (by the caller) or `failed`.
   * `undefined` if it did not.
   */
  status?: string;
}

/** Counts since the emulator started. */
export interface RealtimeStats {
  /** WebSockets opened, and those open now. */
  connections: number;
  openConnections: number;
  /** WebSockets refused, by a fault or for a wrong key. */
  refused: number;
  /** Turns of the caller that the turn detection ended, and those that the client committed. */
  turns: number;
  /** Responses begun. */
  responses: number;
  /** Responses cancelled, by the client or the caller. */
  cancelled: number;
  /** Events of the client that were refused. */
  errors: number;
  /** Faults applied, by kind. */
  faults: Record<string, number>;
}
