import { setMaxListeners } from 'node:events';
import type { Clock, FirstwordError } from '@firstword/turn';
import type { ResourceUse } from '../budget/budget.js';
import { contaminationOf } from '../machine/contamination.js';
import type { MachineMonitor } from '../machine/monitor.js';
import type { PlannedRequest } from '../plan/schedule.js';
import type { RunFile } from '../run-file.js';
import type { BenchSample } from '../sample.js';
import { roundToMicroseconds } from './measure-request.js';
import { pause } from './pause.js';
import type { ClientSample, PlanClient } from './plan-client.js';
import { healthAfter, reasonToAbandon, type TargetHealth, UNTRIED } from './target-health.js';
import { timetable } from './timetable.js';

/** A target that gets no further requests, and why. */
export type AbandonedTarget = RunFile['abandoned'][number];

/** Options of `runPlan`. */
export interface RunPlanOptions {
  client: PlanClient;
  /** The requests to send; their `scheduledMs` counts from the run's start. */
  requests: readonly PlannedRequest[];
  /** Time since the run was started, ms: 0 unless it is resumed. */
  elapsedMs: number;
  monitor: MachineMonitor;
  clock: Clock;
  signal: AbortSignal;
  /** @param used by the whole run so far, including the maximum of the requests in flight */
  onSample(sample: BenchSample, used: ResourceUse): void;
  onTargetAbandoned(abandoned: AbandonedTarget): void;
}

/** The end of a run. */
export interface RunEnd {
  used: ResourceUse;
  abandoned: AbandonedTarget[];
  /** Why not all requests were sent; absent where they were, apart from those to abandoned targets. */
  stoppedBy?: 'signal' | 'budget';
}

/**
 * Sends the requests of a plan, each at its scheduled time, independent of earlier requests (open loop). Resolves when
 * the last answer has arrived, or soon after the signal fires. Requests in flight at that time give no sample.
 */
export function runPlan(options: RunPlanOptions): Promise<RunEnd> {
  return new PlanRunner(options).run();
}

class PlanRunner {
  readonly #options: RunPlanOptions;
  readonly #inFlight = new Set<Promise<void>>();
  readonly #health = new Map<string, TargetHealth>();
  readonly #abandoned = new Map<string, AbandonedTarget>();
  /** Fires with the user's signal. A separate controller, because many requests listen to it. */
  readonly #stop = new AbortController();
  #overBudget = false;
  /** The run's start, on the clock. */
  #originMs = 0;

  constructor(options: RunPlanOptions) {
    this.#options = options;
    setMaxListeners(0, this.#stop.signal);
  }

  async run(): Promise<RunEnd> {
    const { signal, monitor, client } = this.#options;
    const onAbort = () => this.#stop.abort(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    try {
      await monitor.start();
      await this.#sendAll();
      await Promise.all(this.#inFlight);
    } finally {
      signal.removeEventListener('abort', onAbort);
      monitor.stop();
      await client.close();
    }
    const stoppedBy = signal.aborted ? 'signal' : this.#overBudget ? 'budget' : undefined;
    return {
      used: client.used,
      abandoned: [...this.#abandoned.values()],
      ...(stoppedBy ? { stoppedBy } : {}),
    };
  }

  async #sendAll(): Promise<void> {
    const { requests, elapsedMs, clock, client } = this.#options;
    const { signal } = this.#stop;
    const arms = [...new Set(requests.map(({ arm }) => arm))];
    await client.warm(arms, { signal }).catch(() => {});
    this.#originMs = clock.nowMs() - elapsedMs;
    for (const { atMs, kind, request } of timetable(requests)) {
      await pause(this.#originMs + atMs - clock.nowMs(), { clock, signal });
      if (signal.aborted || this.#overBudget || this.#allAbandoned(requests)) return;
      if (this.#abandoned.has(request.arm.target)) continue;
      if (kind === 'prime') client.prime(request, { signal });
      else this.#send(request);
    }
  }

  #allAbandoned(requests: readonly PlannedRequest[]): boolean {
    return this.#abandoned.size > 0 && requests.every(({ arm }) => this.#abandoned.has(arm.target));
  }

  #send(planned: PlannedRequest): void {
    const { signal } = this.#stop;
    const request = this.#options.client.send(planned, { originMs: this.#originMs, signal });
    if (!request) {
      this.#overBudget = true;
      return;
    }
    const work = this.#record(planned, request).finally(() => this.#inFlight.delete(work));
    this.#inFlight.add(work);
  }

  async #record(planned: PlannedRequest, request: Promise<ClientSample>): Promise<void> {
    const { monitor, client } = this.#options;
    let measured: ClientSample;
    try {
      measured = await request;
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      throw error;
    }
    const { sample, fromMs, untilMs, error } = measured;
    this.#updateHealth(planned.arm.target, error);
    const machine = await monitor.during(fromMs, untilMs);
    const contaminated = contaminationOf(machine, sample.startedMs - sample.scheduledMs);
    const eventLoopDelayMs = roundToMicroseconds(machine.eventLoopDelayMs);
    this.#options.onSample(
      { ...sample, machine: { ...machine, eventLoopDelayMs, contaminated } },
      client.committed,
    );
  }

  /** Updates the health of a target, and abandons it where it keeps failing. */
  #updateHealth(target: string, error: FirstwordError | undefined): void {
    const before = this.#health.get(target) ?? UNTRIED;
    const health = healthAfter(before, error !== undefined);
    this.#health.set(target, health);
    const reason = error && reasonToAbandon(health, error);
    if (!error || reason === undefined || this.#abandoned.has(target)) return;
    const abandoned = { target, kind: error.code, message: reason, afterSamples: health.answers };
    this.#abandoned.set(target, abandoned);
    this.#options.onTargetAbandoned(abandoned);
  }
}
