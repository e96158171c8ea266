import type { ServerOptions } from '../../livekit-server.js';

export interface AgentOptions extends ServerOptions {
  /** `dev` or `start`, and the agent's file where it is one's own. */
  words: string[];
  name?: string;
  profile?: string;
  livekitDefaults?: boolean;
  out: string;
  transcripts?: boolean;
  tape?: boolean;
  keepDays?: number;
  seed: number;
  idle: number;
  drain: number;
  fullAt: number;
  metricsPort?: number;
}
