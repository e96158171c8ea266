/**
 * Takes down both voices as the agent has them: the caller as they came in, the agent as it was sent. Moments are of the
 * first sample, on the session's clock, ms.
 */
export interface CallTape {
  caller(startMs: number, samples: Int16Array, rateHz: number): void;
  agent(startMs: number, samples: Int16Array, rateHz: number): void;
  /** The agent's audio from this moment on was put down ahead of time, and never left. */
  agentCut(fromMs: number): void;
}
