import type { BudgetTracker, ResourceUse } from '../budget/budget.js';
import type { PlannedRequest } from '../plan/schedule.js';
import type { BenchArm } from '../sample.js';
import type { ClientSample, PlanClient, SendOptions } from './plan-client.js';

/** Options of `MixedClient`. */
export interface MixedClientOptions {
  /** The budget that both clients share. */
  budget: BudgetTracker;
  /** Sends the requests of LLMs; required where there are any. */
  llm: PlanClient | undefined;
  /** Sends those of speech engines and realtime models; required where there are any. */
  speech: PlanClient | undefined;
}

/** Sends each request with the client of its arm. */
export class MixedClient implements PlanClient {
  readonly #options: MixedClientOptions;

  constructor(options: MixedClientOptions) {
    this.#options = options;
  }

  get used(): ResourceUse {
    return this.#options.budget.used;
  }

  get committed(): ResourceUse {
    return this.#options.budget.committed;
  }

  async warm(arms: readonly BenchArm[], options: { signal: AbortSignal }): Promise<void> {
    const { llm, speech } = this.#options;
    await Promise.all([
      llm?.warm(
        arms.filter(({ kind }) => !kind),
        options,
      ),
      speech?.warm(
        arms.filter(({ kind }) => kind),
        options,
      ),
    ]);
  }

  prime(request: PlannedRequest, options: { signal: AbortSignal }): void {
    this.#of(request).prime(request, options);
  }

  send(request: PlannedRequest, options: SendOptions): Promise<ClientSample> | undefined {
    return this.#of(request).send(request, options);
  }

  async close(): Promise<void> {
    await Promise.all([this.#options.llm?.close(), this.#options.speech?.close()]);
  }

  #of({ arm }: PlannedRequest): PlanClient {
    return arm.kind ? this.#options.speech! : this.#options.llm!;
  }
}
