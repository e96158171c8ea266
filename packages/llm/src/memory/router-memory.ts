import type { LatencyObservation } from '../policy/latency/window.js';
import type { Limit } from '../trace.js';

/** The health of a model as one router observed it, for other routers. */
export type HealthNews =
  /** Its circuit breaker opened, for so long, ms. */
  | { type: 'opened'; forMs: number }
  /**
   * Its rate limit is exhausted, or nearly. `blockedMs`: a 429 response asked for so long a pause, ms. The limits are those
   * of response headers.
   */
  | { type: 'limits'; requests?: Limit; tokens?: Limit; blockedMs?: number };

/** Receives the observations of other routers. Its functions must return at once and must not throw. */
export interface MemoryFollower {
  /** Times that other routers have measured, oldest first. */
  onTimes(seen: readonly LatencyObservation[]): void;
  /** @param ageMs how long ago it was found out, ms */
  onHealth(news: HealthNews, ageMs: number): void;
}

/**
 * What routers remember of models, beyond the lifetime of one router: `sharedMemory()` in one process, `latencyFile()` on one
 * machine, `valkeyMemory()` on several. The first two functions are enough for a store of your own: it then keeps times only.
 *
 * No function may wait or throw: a router calls them while it answers. What cannot be stored is lost.
 */
export interface RouterMemory {
  /**
   * The known times of a model ("openai/gpt-4o-mini"; "vllm/qwen@10.0.0.7:8000/v1" where it is not at the provider's own
   * address), oldest first. Called once, when a router is created. A store that has not read them by then passes them to the
   * follower later.
   */
  load(model: string): LatencyObservation[];
  /**
   * Stores one more time.
   * @param by the follower of the router that measured it, which is not told
   */
  append(model: string, seen: LatencyObservation, by?: MemoryFollower): void;
  /**
   * Tells the other routers about the health of a model.
   * @param model the name of the model; for rate limits with a mark of the account ("…#9f86d081"), which is not its key
   * @param by the follower of the router that found it out, which is not told
   */
  report?(model: string, news: HealthNews, by?: MemoryFollower): void;
  /** Tells a follower what others find out about a model from now on. @returns stops that */
  follow?(model: string, follower: MemoryFollower): () => void;
  /**
   * Resolves when what others knew about the followed models has been read, or soon without it. `warm()` of a router waits
   * for it; no request does.
   */
  ready?(): Promise<void>;
}
