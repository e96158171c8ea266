import { setMaxListeners } from 'node:events';
import type { ChatMessage } from '@firstword/llm';
import type { Clock, FirstwordError } from '@firstword/turn';
import type { Use } from '../budget/budget.js';
import type { Prices } from '../budget/prices.js';
import type { MachineWatch } from '../machine/watch.js';
import { armSalt, saltOf } from '../plan/salt.js';
import type { PlannedRequest } from '../plan/schedule.js';
import { charactersOf, messagesOf, type Script } from '../prompts/prompts.js';
import type { Plan, RunFile } from '../run-file.js';
import type { Sample } from '../sample.js';
import type { Door } from '../targets/door.js';
import { Connections } from './connections.js';
import { reasonToGiveUp, type Standing, standingAfter, UNTRIED } from './give-up.js';
import { type Reservation, RunLedger } from './ledger.js';
import { type Measured, measure } from './measure.js';
import { pause } from './pause.js';
import { timetable } from './timetable.js';
import { toSample } from './to-sample.js';

export type GivenUp = RunFile['givenUp'][number];

export interface RunOptions {
  plan: Plan;
  /** What is to be asked, and when (ms after the run's start). */
  requests: readonly PlannedRequest[];
  /** How long ago the run was started, ms: 0 unless it is gone on with. */
  beforeMs: number;
  scripts: readonly Script[];
  /** Keeps the cached prefixes of two runs apart. */
  runKey: string;
  prices: Prices;
  /** By earlier parts of this run. */
  used?: Use;
  door: Door;
  watch: MachineWatch;
  clock: Clock;
  signal: AbortSignal;
  /** @param used by the whole run so far, and what the requests under way may still use */
  onSample(sample: Sample, used: Use): void;
  onGivenUp(givenUp: GivenUp): void;
}

/** How a run ended. */
export interface RunEnd {
  used: Use;
  givenUp: GivenUp[];
  /** What kept it from asking everything; absent where it did. */
  cutShortBy?: 'signal' | 'budget';
}

/**
 * Carries a plan out: each request leaves at its moment, whatever became of the ones before it. Resolves when the last
 * answer is in, or soon after the signal fires; what was under way then is no sample.
 */
export function runPlan(options: RunOptions): Promise<RunEnd> {
  return new Runner(options).run();
}

class Runner {
  readonly #options: RunOptions;
  readonly #connections: Connections;
  readonly #ledger: RunLedger;
  readonly #underWay = new Set<Promise<void>>();
  readonly #standing = new Map<string, Standing>();
  readonly #givenUp = new Map<string, GivenUp>();
  /** Fires with the user's signal. Its own, as many requests listen to it. */
  readonly #stop = new AbortController();
  #overBudget = false;
  /** The run's start, on the clock. */
  #originMs = 0;

  constructor(options: RunOptions) {
    const { plan, prices, used, door, clock, runKey } = options;
    this.#options = options;
    const { budget, maxCompletionTokens } = plan;
    this.#ledger = new RunLedger({ budget, prices, maxCompletionTokens, ...(used ? { used } : {}) });
    this.#connections = new Connections({
      door,
      clock,
      perSecond: plan.perSecond / new Set(options.requests.map(({ arm }) => arm.id)).size,
      cacheKey: (arm) => `fw-bench-${armSalt(arm, runKey)}`,
    });
    setMaxListeners(0, this.#stop.signal);
  }

  async run(): Promise<RunEnd> {
    const { signal, watch } = this.#options;
    const onAbort = () => this.#stop.abort(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    try {
      await watch.start();
      await this.#sendAll();
      await Promise.all(this.#underWay);
    } finally {
      signal.removeEventListener('abort', onAbort);
      watch.stop();
      await this.#connections.close();
    }
    const cutShortBy = signal.aborted ? 'signal' : this.#overBudget ? 'budget' : undefined;
    return {
      used: this.#ledger.used,
      givenUp: [...this.#givenUp.values()],
      ...(cutShortBy ? { cutShortBy } : {}),
    };
  }

  async #sendAll(): Promise<void> {
    const { requests, beforeMs, clock } = this.#options;
    const { signal } = this.#stop;
    const arms = [...new Set(requests.map(({ arm }) => arm))];
    await this.#connections.warm(arms, { signal }).catch(() => {});
    this.#originMs = clock.nowMs() - beforeMs;
    for (const { atMs, kind, request } of timetable(requests)) {
      await pause(this.#originMs + atMs - clock.nowMs(), { clock, signal });
      if (signal.aborted || this.#overBudget || this.#allGivenUp(requests)) return;
      if (this.#givenUp.has(request.arm.target)) continue;
      if (kind === 'prime') this.#connections.prime(request, { signal });
      else this.#send(request);
    }
  }

  #allGivenUp(requests: readonly PlannedRequest[]): boolean {
    return this.#givenUp.size > 0 && requests.every(({ arm }) => this.#givenUp.has(arm.target));
  }

  #send(planned: PlannedRequest): void {
    const { scripts, runKey } = this.#options;
    const script = scripts[planned.conversation % scripts.length]!;
    const messages = messagesOf(script, { ...planned, salt: saltOf(planned, runKey) });
    const bytes = messages.reduce((sum, { content }) => sum + Buffer.byteLength(String(content)), 0);
    const reservation = this.#ledger.reserve(planned, script.language, bytes);
    if (!reservation) {
      this.#overBudget = true;
      return;
    }
    const work = this.#ask({ planned, messages, language: script.language, reservation }).finally(() =>
      this.#underWay.delete(work),
    );
    this.#underWay.add(work);
  }

  async #ask(parts: {
    planned: PlannedRequest;
    messages: ChatMessage[];
    language: string;
    reservation: Reservation;
  }): Promise<void> {
    const { planned, messages, language, reservation } = parts;
    const { clock, plan, watch, prices } = this.#options;
    const { signal } = this.#stop;
    const { model, idleMs, giveBack } = this.#connections.lend(planned);
    const request = { messages, maxCompletionTokens: plan.maxCompletionTokens };
    let measured: Measured;
    try {
      measured = await measure({ model, request, clock, signal });
    } catch {
      this.#ledger.settleStopped(reservation);
      return;
    } finally {
      await giveBack();
    }
    this.#ledger.settle(reservation, measured);
    this.#judge(planned.arm.target, measured.error);
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
      // What comes after the first clause, no caller waits for.
      machine: await watch.over(
        Math.min(startedMs, this.#originMs + planned.scheduledMs),
        firstClauseMs ?? endedMs,
      ),
    });
    this.#options.onSample(sample, this.#ledger.committed);
  }

  /** Looks at whether a target is worth asking on. */
  #judge(target: string, error: FirstwordError | undefined): void {
    const before = this.#standing.get(target) ?? UNTRIED;
    const standing = standingAfter(before, error !== undefined);
    this.#standing.set(target, standing);
    const reason = error && reasonToGiveUp(standing, error);
    if (!error || reason === undefined || this.#givenUp.has(target)) return;
    const givenUp = { target, kind: error.code, message: reason, afterSamples: standing.answers };
    this.#givenUp.set(target, givenUp);
    this.#options.onGivenUp(givenUp);
  }
}
