import type { ResponseOutcome } from './response/script-player.js';

/** Request and connection counts since the emulator started. They hold no prompt or reply text. */
export interface EmulatorStats {
  /** Chat requests received. */
  requests: number;
  /** Chat requests being answered now. */
  concurrent: number;
  /** The highest number of chat requests answered at the same time. */
  maxConcurrent: number;
  /** Responses written completely, error responses included. */
  finished: number;
  /** Responses whose client disconnected before the end; they stop at that moment. */
  aborted: number;
  /** Responses whose connection a fault reset. */
  reset: number;
  /** Requests answered with an error, by HTTP status. */
  refused: Record<string, number>;
  /** Faults applied, by kind. */
  faults: Record<string, number>;
  /** Requests that a rate limit delayed. */
  queued: number;
  /** Connections accepted; fewer than `requests` when clients keep connections alive. */
  connections: number;
  /** Connections open now. */
  openConnections: number;
  /** Requests by the name of the profile that served them. */
  byProfile: Record<string, number>;
}

/** Collects the counts of `EmulatorStats`. */
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

  requestStarted(): void {
    const stats = this.#stats;
    stats.requests += 1;
    stats.concurrent += 1;
    stats.maxConcurrent = Math.max(stats.maxConcurrent, stats.concurrent);
  }

  profileServed(profile: string): void {
    this.#stats.byProfile[profile] = (this.#stats.byProfile[profile] ?? 0) + 1;
  }

  requestRefused(status: number): void {
    this.#stats.refused[status] = (this.#stats.refused[status] ?? 0) + 1;
  }

  faultApplied(fault: string): void {
    this.#stats.faults[fault] = (this.#stats.faults[fault] ?? 0) + 1;
  }

  requestQueued(): void {
    this.#stats.queued += 1;
  }

  responseEnded(outcome: ResponseOutcome): void {
    this.#stats.concurrent -= 1;
    this.#stats[outcome] += 1;
  }

  connectionOpened(): void {
    this.#stats.connections += 1;
    this.#stats.openConnections += 1;
  }

  connectionClosed(): void {
    this.#stats.openConnections -= 1;
  }

  /** A copy that later requests do not change. */
  snapshot(): EmulatorStats {
    return structuredClone(this.#stats);
  }
}
