/** What happened in one response, on the emulator's clock, ms: the truth to compare a client's figures with. */
export interface RealtimeResponseTruth {
  id: string;
  /** The caller's last speech, as audio since the connection's first sample, ms; `undefined` if the client asked for it. */
  speechEndAudioMs?: number;
  /** Where the turn detection ended the turn, as audio, ms. */
  turnEndAudioMs?: number;
  /** When it did. */
  turnEndedMs?: number;
  /** When `response.created` was sent, and the first audio or text. Without the way to the client. */
  createdMs?: number;
  firstContentMs?: number;
  /** The fault that applied. */
  fault?: string;
  /** Status of `response.done`; `undefined` if it was not sent. */
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
