import type { ServerOptions } from '../../livekit-server.js';

/** Options of `firstword call`, as commander parses them. */
export interface CallCommandOptions extends ServerOptions {
  /** Room to join; by default every call gets a new room. */
  room?: string;
  /** Name for explicit dispatch of the agent. */
  agentName?: string;
  /** Number of calls. */
  calls: number;
  /** Number of calls at the same time. */
  concurrent: number;
  /** Caller turns per call. */
  turns: number;
  /** Recordings to play instead of the sample caller: a file or a folder. */
  audio?: string;
  /** TTS voice of the sample caller. */
  voice: string;
  /** Signal-to-noise ratio of the caller's audio, dB; without it there is no noise. */
  snr?: number;
  /** Call like a telephone: SIP participant, 8 kHz, μ-law. */
  telephone?: boolean;
  /** Folder of the agent's records and tapes, to align with the caller's tape. */
  records?: string;
  /** Folder for copies of those records that include the transport. */
  alignedRecords?: string;
  /** Remove older tapes in `out` at the start, days. */
  keepDays?: number;
  seed: number;
  /** Folder of the tapes. */
  out: string;
  /** Print JSON lines. */
  json?: boolean;
}
