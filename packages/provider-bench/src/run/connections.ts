import type { HttpModel } from '@firstword/llm';
import { type Clock, isFirstwordError } from '@firstword/turn';
import type { PlannedRequest } from '../plan/schedule.js';
import type { BenchArm } from '../sample.js';
import type { ModelFactory } from '../targets/model-factory.js';

/** A model to send one request with. */
export interface AcquiredModel {
  model: HttpModel;
  /** Idle time of its connection, ms; absent where unknown. */
  idleMs?: number;
  /** Call after the request: closes connections that were opened for it alone. */
  release(): Promise<void>;
}

/** Answers rarely take longer than this. It determines how many requests of an arm may be in flight at once. */
const USUAL_ANSWER_S = 3;
/** At most this many open connections per arm, to stay within what providers tolerate. */
const MOST_WARM = 64;

interface Primed {
  model: HttpModel;
  ready: Promise<void>;
  /** On the clock. */
  idleSinceMs?: number;
}

/** Provides each request with a connection in the state that its arm's mode requires: warm, idle or none. */
export class Connections {
  readonly #models: ModelFactory;
  readonly #clock: Clock;
  readonly #cacheKey: (arm: BenchArm) => string;
  readonly #perSecond: number;
  readonly #warm = new Map<string, HttpModel>();
  readonly #primed = new Map<number, Primed>();

  /** @param options.perSecond requests per second of each arm */
  constructor(options: {
    models: ModelFactory;
    clock: Clock;
    perSecond: number;
    cacheKey: (arm: BenchArm) => string;
  }) {
    this.#models = options.models;
    this.#clock = options.clock;
    this.#cacheKey = options.cacheKey;
    this.#perSecond = options.perSecond;
  }

  /**
   * Opens the connections of the warm arms. A failure to connect is ignored here; the first request reports it.
   * @throws FirstwordError `aborted` by the signal
   */
  async warm(arms: readonly BenchArm[], options: { signal: AbortSignal }): Promise<void> {
    const warm = arms.filter(({ mode }) => mode === 'warm');
    await Promise.all(warm.map((arm) => quietly(this.#warmModel(arm).warm(options), options.signal)));
  }

  /**
   * Opens a connection for an idle arm, `idleMs` before its request is due, and lists the models over it: a request that
   * costs no tokens, after which the connection counts as used and idle.
   */
  prime(request: PlannedRequest, options: { signal: AbortSignal }): void {
    const { arm, index } = request;
    const model = this.#models.create(arm, { keepWarm: 1, keepWarmForMs: 0, cacheKey: this.#cacheKey(arm) });
    const primed: Primed = {
      model,
      ready: quietly(model.listModels(options), options.signal)
        .catch(() => {})
        .then(() => {
          primed.idleSinceMs = this.#clock.nowMs();
        }),
    };
    this.#primed.set(index, primed);
  }

  /** Returns the model for a request that is due now. Never waits. */
  acquire({ arm, index }: PlannedRequest): AcquiredModel {
    if (arm.mode === 'warm') return { model: this.#warmModel(arm), release: async () => {} };
    const primed = this.#primed.get(index);
    this.#primed.delete(index);
    const model = primed?.model ?? this.#models.create(arm, { keepWarm: 0, cacheKey: this.#cacheKey(arm) });
    const { idleSinceMs } = primed ?? {};
    return {
      model,
      ...(idleSinceMs === undefined ? {} : { idleMs: this.#clock.nowMs() - idleSinceMs }),
      release: () => model.close(),
    };
  }

  /** Closes all connections. */
  async close(): Promise<void> {
    const primed = [...this.#primed.values()].map(({ model }) => model);
    await Promise.all([...this.#warm.values(), ...primed].map((model) => model.close()));
  }

  #warmModel(arm: BenchArm): HttpModel {
    let model = this.#warm.get(arm.id);
    if (!model) {
      const bursts = 1 + Math.ceil(this.#perSecond * USUAL_ANSWER_S);
      const keepWarm = Math.max(arm.concurrency, Math.min(MOST_WARM, arm.concurrency * bursts));
      model = this.#models.create(arm, { keepWarm, cacheKey: this.#cacheKey(arm) });
      this.#warm.set(arm.id, model);
    }
    return model;
  }
}

/** Ignores connection errors, because the request itself will report them. Rethrows an abort. */
async function quietly(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (signal.aborted || !isFirstwordError(error)) throw error;
  }
}
