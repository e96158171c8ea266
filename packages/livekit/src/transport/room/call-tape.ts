/**
 * Records both sides at the agent's end: the caller as received, the agent as sent. `startMs` is the time of the first
 * sample, on the session's clock, ms.
 */
export interface CallTape {
  caller(startMs: number, samples: Int16Array, rateHz: number): void;
  agent(startMs: number, samples: Int16Array, rateHz: number): void;
  /** The agent's audio from `fromMs` on was recorded in advance and never sent. */
  agentCut(fromMs: number): void;
}
