import type { ChatMessage } from '@firstword/llm';
import type { Clock } from '@firstword/turn';
import type { BudgetTracker, ResourceUse } from '../budget/budget.js';
import type { Prices } from '../budget/prices.js';
import { armSalt, saltOf } from '../plan/salt.js';
import type { PlannedRequest } from '../plan/schedule.js';
import { charactersOf, messagesOf, type Script } from '../prompts/prompts.js';
import type { BenchPlan } from '../run-file.js';
import type { BenchArm } from '../sample.js';
import type { ModelFactory } from '../targets/model-factory.js';
import { Connections } from './connections.js';
import { type MeasuredRequest, measureRequest } from './measure-request.js';
import type { ClientSample, PlanClient, SendOptions } from './plan-client.js';
import { type Reservation, RunBudget } from './run-budget.js';
import { toSample } from './to-sample.js';

/** Options of `LlmClient`. */
export interface LlmClientOptions {
  plan: BenchPlan;
  requests: readonly PlannedRequest[];
  scripts: readonly Script[];
  /** Part of every salt, so that two runs do not share cached prefixes. */
  runKey: string;
  prices: Prices;
  /** The run's budget. */
  budget: BudgetTracker;
  models: ModelFactory;
  clock: Clock;
}

/** Sends prompts to LLMs. */
export class LlmClient implements PlanClient {
  readonly #options: LlmClientOptions;
  readonly #connections: Connections;
  readonly #budget: RunBudget;

  constructor(options: LlmClientOptions) {
    const { plan, prices, budget, models, clock, runKey } = options;
    this.#options = options;
    this.#budget = new RunBudget({ tracker: budget, prices, maxCompletionTokens: plan.maxCompletionTokens });
    this.#connections = new Connections({
      models,
      clock,
      perSecond: plan.perSecond / new Set(options.requests.map(({ arm }) => arm.id)).size,
      cacheKey: (arm) => `fw-bench-${armSalt(arm, runKey)}`,
    });
  }

  get used(): ResourceUse {
    return this.#budget.used;
  }

  get committed(): ResourceUse {
    return this.#budget.committed;
  }

  warm(arms: readonly BenchArm[], options: { signal: AbortSignal }): Promise<void> {
    return this.#connections.warm(arms, options);
  }

  prime(request: PlannedRequest, options: { signal: AbortSignal }): void {
    this.#connections.prime(request, options);
  }

  send(planned: PlannedRequest, options: SendOptions): Promise<ClientSample> | undefined {
    const { scripts, runKey } = this.#options;
    const script = scripts[planned.conversation % scripts.length]!;
    const messages = messagesOf(script, { ...planned, salt: saltOf(planned, runKey) });
    const bytes = messages.reduce((sum, { content }) => sum + Buffer.byteLength(String(content)), 0);
    const { language } = script;
    const reservation = this.#budget.reserve(planned, language, bytes);
    return reservation && this.#request({ planned, messages, language, reservation, ...options });
  }

  close(): Promise<void> {
    return this.#connections.close();
  }

  async #request(
    parts: SendOptions & {
      planned: PlannedRequest;
      messages: ChatMessage[];
      language: string;
      reservation: Reservation;
    },
  ): Promise<ClientSample> {
    const { planned, messages, language, reservation, signal, originMs } = parts;
    const { clock, plan, prices } = this.#options;
    const { model, idleMs, release } = this.#connections.acquire(planned);
    const request = { messages, maxCompletionTokens: plan.maxCompletionTokens };
    let measured: MeasuredRequest;
    try {
      measured = await measureRequest({ model, request, clock, signal });
    } catch (error) {
      this.#budget.settleStopped(reservation);
      throw error;
    } finally {
      await release();
    }
    this.#budget.settle(reservation, measured);
    const { startedMs, endedMs, firstClauseMs, error } = measured;
    const sample = toSample({
      planned,
      measured,
      language,
      promptCharacters: charactersOf(messages),
      scheduledMs: planned.scheduledMs,
      startedMs: startedMs - originMs,
      idleMs,
      price: prices.byTarget[planned.arm.target],
    });
    const fromMs = Math.min(startedMs, originMs + planned.scheduledMs);
    // Load after the first clause is irrelevant: no caller waits for that part.
    return { sample, fromMs, untilMs: firstClauseMs ?? endedMs, error };
  }
}
