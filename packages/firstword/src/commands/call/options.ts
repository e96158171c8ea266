import type { ServerOptions } from '../../livekit-server.js';

export interface CallOptions extends ServerOptions {
  room?: string;
  agentName?: string;
  calls: number;
  concurrent: number;
  turns: number;
  audio?: string;
  voice: string;
  snr?: number;
  telephone?: boolean;
  records?: string;
  heard?: string;
  keepDays?: number;
  seed: number;
  out: string;
  json?: boolean;
}
