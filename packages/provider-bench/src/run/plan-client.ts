import type { FirstwordError } from '@firstword/turn';
import type { ResourceUse } from '../budget/budget.js';
import type { PlannedRequest } from '../plan/schedule.js';
import type { BenchArm, BenchSample } from '../sample.js';

/** One measured request, without the load of the machine. */
export interface ClientSample {
  sample: Omit<BenchSample, 'machine'>;
  /** The time in which load on this machine matters, on the clock, ms. */
  fromMs: number;
  untilMs: number;
  error?: FirstwordError | undefined;
}

/** When and under which signal a request is sent. */
export interface SendOptions {
  /** The run's start, on the clock, ms. */
  originMs: number;
  signal: AbortSignal;
}

/** Sends the requests of a run: an LLM's, or a speech engine's. It keeps the connections and the budget. */
export interface PlanClient {
  /** Opens the connections of the warm arms. A failure is reported by the first request. */
  warm(arms: readonly BenchArm[], options: { signal: AbortSignal }): Promise<void>;
  /** Opens the connection of a request of an idle arm. */
  prime(request: PlannedRequest, options: { signal: AbortSignal }): void;
  /** Sends a request; `undefined` where the budget does not allow it. Rejects only when the signal fires. */
  send(request: PlannedRequest, options: SendOptions): Promise<ClientSample> | undefined;
  /** Used so far. */
  readonly used: ResourceUse;
  /** Used so far, plus the maximum of the requests in flight. */
  readonly committed: ResourceUse;
  close(): Promise<void>;
}
