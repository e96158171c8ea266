import { setMaxListeners } from 'node:events';
import type { ChatMessage } from '@firstword/llm';
import type { Clock, FirstwordError } from '@firstword/turn';
import type { ResourceUse } from '../budget/budget.js';
import type { Prices } from '../budget/prices.js';
import type { MachineMonitor } from '../machine/monitor.js';
import { armSalt, saltOf } from '../plan/salt.js';
import type { PlannedRequest } from '../plan/schedule.js';
import { charactersOf, messagesOf, type Script } from '../prompts/prompts.js';
import type { BenchPlan, RunFile } from '../run-file.js';
import type { BenchSample } from '../sample.js';
import type { ModelFactory } from '../targets/model-factory.js';
import { Connections } from './connections.js';
import { type MeasuredRequest, measureRequest } from './measure-request.js';
import { pause } from './pause.js';
import { type Reservation, RunBudget } from './run-budget.js';
import { healthAfter, reasonToAbandon, type TargetHealth, UNTRIED } from './target-health.js';
import { timetable } from './timetable.js';
import { toSample } from './to-sample.js';

/** A target that gets no further requests, and why. */
export type AbandonedTarget = RunFile['abandoned'][number];

/** Options of `runPlan`. */
export interface RunPlanOptions {
  plan: BenchPlan;
  /** The requests to send; their `scheduledMs` counts from the run's start. */
  requests: readonly PlannedRequest[];
  /** Time since the run was started, ms: 0 unless it is resumed. */
  elapsedMs: number;
  scripts: readonly Script[];
  /** Part of every salt, so that two runs do not share cached prefixes. */
  runKey: string;
  prices: Prices;
  /** Used by earlier parts of this run. */
  used?: ResourceUse;
  models: ModelFactory;
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
  readonly #connections: Connections;
  readonly #budget: RunBudget;
  readonly #inFlight = new Set<Promise<void>>();
  readonly #health = new Map<string, TargetHealth>();
  readonly #abandoned = new Map<string, AbandonedTarget>();
  /** Fires with the user's signal. A separate controller, because many requests listen to it. */
  readonly #stop = new AbortController();
  #overBudget = false;
  /** The run's start, on the clock. */
  #originMs = 0;

  constructor(options: RunPlanOptions) {
    const { plan, prices, used, models, clock, runKey } = options;
    this.#options = options;
    const { budget, maxCompletionTokens } = plan;
    this.#budget = new RunBudget({ budget, prices, maxCompletionTokens, ...(used ? { used } : {}) });
    this.#connections = new Connections({
      models,
      clock,
      perSecond: plan.perSecond / new Set(options.requests.map(({ arm }) => arm.id)).size,
      cacheKey: (arm) => `fw-bench-${armSalt(arm, runKey)}`,
    });
    setMaxListeners(0, this.#stop.signal);
  }

  async run(): Promise<RunEnd> {
    const { signal, monitor } = this.#options;
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
      await this.#connections.close();
    }
    const stoppedBy = signal.aborted ? 'signal' : this.#overBudget ? 'budget' : undefined;
    return {
      used: this.#budget.used,
      abandoned: [...this.#abandoned.values()],
      ...(stoppedBy ? { stoppedBy } : {}),
    };
  }

  async #sendAll(): Promise<void> {
    const { requests, elapsedMs, clock } = this.#options;
    const { signal } = this.#stop;
    const arms = [...new Set(requests.map(({ arm }) => arm))];
    await this.#connections.warm(arms, { signal }).catch(() => {});
    this.#originMs = clock.nowMs() - elapsedMs;
    for (const { atMs, kind, request } of timetable(requests)) {
      await pause(this.#originMs + atMs - clock.nowMs(), { clock, signal });
      if (signal.aborted || this.#overBudget || this.#allAbandoned(requests)) return;
      if (this.#abandoned.has(request.arm.target)) continue;
      if (kind === 'prime') this.#connections.prime(request, { signal });
      else this.#send(request);
    }
  }

  #allAbandoned(requests: readonly PlannedRequest[]): boolean {
    return this.#abandoned.size > 0 && requests.every(({ arm }) => this.#abandoned.has(arm.target));
  }

  #send(planned: PlannedRequest): void {
    const { scripts, runKey } = this.#options;
    const script = scripts[planned.conversation % scripts.length]!;
    const messages = messagesOf(script, { ...planned, salt: saltOf(planned, runKey) });
    const bytes = messages.reduce((sum, { content }) => sum + Buffer.byteLength(String(content)), 0);
    const reservation = this.#budget.reserve(planned, script.language, bytes);
    if (!reservation) {
      this.#overBudget = true;
      return;
    }
    const work = this.#request({ planned, messages, language: script.language, reservation }).finally(() =>
      this.#inFlight.delete(work),
    );
    this.#inFlight.add(work);
  }

  async #request(parts: {
    planned: PlannedRequest;
    messages: ChatMessage[];
    language: string;
    reservation: Reservation;
  }): Promise<void> {
    const { planned, messages, language, reservation } = parts;
    const { clock, plan, monitor, prices } = this.#options;
    const { signal } = this.#stop;
    const { model, idleMs, release } = this.#connections.acquire(planned);
    const request = { messages, maxCompletionTokens: plan.maxCompletionTokens };
    let measured: MeasuredRequest;
    try {
      measured = await measureRequest({ model, request, clock, signal });
    } catch {
      this.#budget.settleStopped(reservation);
      return;
    } finally {
      await release();
    }
    this.#budget.settle(reservation, measured);
    this.#updateHealth(planned.arm.target, measured.error);
    const { startedMs, endedMs, firstClauseMs } = measured;
    const sample = toSample({
      planned,
      measured,
      language,
      promptCharacters: charactersOf(messages),
      scheduledMs: planned.scheduledMs,
      startedMs: startedMs - this.#originMs,
      idleMs,
      price: prices.byTarget[planned.arm.target],
      // Load after the first clause is irrelevant: no caller waits for that part.
      machine: await monitor.during(
        Math.min(startedMs, this.#originMs + planned.scheduledMs),
        firstClauseMs ?? endedMs,
      ),
    });
    this.#options.onSample(sample, this.#budget.committed);
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
