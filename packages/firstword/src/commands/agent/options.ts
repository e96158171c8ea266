import type { ServerOptions } from '../../livekit-server.js';

/** Options of `firstword agent`, as commander parses them. */
export interface AgentOptions extends ServerOptions {
  /** `dev` or `start`, then optionally the file of the user's own agent. */
  args: string[];
  /** Agent name for explicit dispatch; without it the worker answers every new room. */
  name?: string;
  /** LLM of the sample agent. */
  profile?: string;
  /** Run the sample agent without Firstword's levers. */
  livekitDefaults?: boolean;
  /** Folder of the sample agent's turn records. */
  out: string;
  transcripts?: boolean;
  /** Record the audio that the sample agent received and sent. */
  tape?: boolean;
  /** Remove older files in `out` at the start, days. */
  keepDays?: number;
  seed: number;
  /** Idle processes kept ready for the next calls. */
  idle: number;
  /** Longest time that calls may continue after SIGTERM, s. */
  drain: number;
  /** CPU load from which no new calls are accepted, percent. */
  fullAt: number;
  /** Port for Prometheus metrics. */
  metricsPort?: number;
}
