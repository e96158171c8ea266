import type { Observation } from '../policy/latency/window.js';

/** The times of models, kept beyond the life of one router. */
export interface LatencyMemory {
  /** What is known of a model ("openai/gpt-4o-mini"), oldest first; asked once, as the router is made. */
  recall(model: string): Observation[];
  /** One more request of it. Must not throw, nor take time. */
  note(model: string, seen: Observation): void;
}
