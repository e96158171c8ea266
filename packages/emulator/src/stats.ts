import type { Outcome } from './play/player.js';

/** What an emulator has done since it started. Counts, never contents. */
export interface EmulatorStats {
  /** Chat requests that arrived. */
  requests: number;
  /** Chat requests being answered now. */
  concurrent: number;
  /** The most chat requests answered at once. */
  maxConcurrent: number;
  /** Responses written to their end, error responses included. */
  finished: number;
  /** Responses whose client left before the end; work on them stopped there. */
  aborted: number;
  /** Responses torn down by a fault. */
  reset: number;
  /** Requests refused with an error status, by status. */
  refused: Record<string, number>;
  /** Faults that struck, by kind. */
  faults: Record<string, number>;
  /** Requests that waited in a limit's queue. */
  queued: number;
  /** Connections accepted; fewer than requests when clients reuse them. */
  connections: number;
  /** Connections open now. */
  openConnections: number;
  /** Requests by the profile that served them. */
  byProfile: Record<string, number>;
}

/** Counts for `EmulatorStats`. */
export class StatsCounter {
  readonly #stats: EmulatorStats = {
    requests: 0,
    concurrent: 0,
    maxConcurrent: 0,
    finished: 0,
    aborted: 0,
    reset: 0,
    refused: {},
    faults: {},
    queued: 0,
    connections: 0,
    openConnections: 0,
    byProfile: {},
  };

  began(): void {
    const stats = this.#stats;
    stats.requests += 1;
    stats.concurrent += 1;
    stats.maxConcurrent = Math.max(stats.maxConcurrent, stats.concurrent);
  }

  served(profile: string): void {
    this.#stats.byProfile[profile] = (this.#stats.byProfile[profile] ?? 0) + 1;
  }

  refused(status: number): void {
    this.#stats.refused[status] = (this.#stats.refused[status] ?? 0) + 1;
  }

  struck(fault: string): void {
    this.#stats.faults[fault] = (this.#stats.faults[fault] ?? 0) + 1;
  }

  queued(): void {
    this.#stats.queued += 1;
  }

  ended(outcome: Outcome): void {
    this.#stats.concurrent -= 1;
    this.#stats[outcome] += 1;
  }

  connected(): void {
    this.#stats.connections += 1;
    this.#stats.openConnections += 1;
  }

  disconnected(): void {
    this.#stats.openConnections -= 1;
  }

  /** A copy: it does not change afterwards. */
  read(): EmulatorStats {
    return structuredClone(this.#stats);
  }
}
