import type { LatencyObservation } from '../policy/latency/window.js';

/** The times of models, kept beyond the life of one router. */
export interface LatencyMemory {
  /** What is known of a model ("openai/gpt-4o-mini"), oldest first; asked once, as the router is made. */
  load(model: string): LatencyObservation[];
  /** One more request of it. Must not throw, nor take time. */
  append(model: string, seen: LatencyObservation): void;
}
