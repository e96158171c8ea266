import type { LatencyObservation } from '../policy/latency/window.js';

/** Stores the latencies of models beyond the lifetime of one router. */
export interface LatencyMemory {
  /**
   * The stored observations of a model ("openai/gpt-4o-mini"), oldest first. Called once, when the router is created.
   */
  load(model: string): LatencyObservation[];
  /** Stores one more observation. Must not throw and must return at once. */
  append(model: string, seen: LatencyObservation): void;
}
