import type { HttpModel } from '@firstword/llm';
import { type Clock, isFirstwordError } from '@firstword/turn';
import type { PlannedRequest } from '../plan/schedule.js';
import type { BenchArm } from '../sample.js';
import type { ModelFactory } from '../targets/model-factory.js';

/** A model for one request. */
export interface AcquiredModel {
  model: HttpModel;
  /** How long its connection has been left alone, ms; absent where that is not known. */
  idleMs?: number;
  /** Closes what was opened for this request alone. */
  release(): Promise<void>;
}

/** Answers rarely take longer than this: so many requests of an arm may be on their way at once. */
const USUAL_ANSWER_S = 3;
/** More open connections than this, providers may take amiss. */
const MOST_WARM = 64;

interface Primed {
  model: HttpModel;
  ready: Promise<void>;
  /** On the clock. */
  idleSinceMs?: number;
}

/** Sees to it that each request finds the connection that its mode says. */
export class Connections {
  readonly #models: ModelFactory;
  readonly #clock: Clock;
  readonly #cacheKey: (arm: BenchArm) => string;
  readonly #perSecond: number;
  readonly #warm = new Map<string, HttpModel>();
  readonly #primed = new Map<number, Primed>();

  /** @param options.perSecond how often each arm is asked */
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
   * Opens the connections of the warm arms. One that cannot be opened is left for the first request to find.
   * @throws FirstwordError `aborted` by the signal
   */
  async warm(arms: readonly BenchArm[], options: { signal: AbortSignal }): Promise<void> {
    const warm = arms.filter(({ mode }) => mode === 'warm');
    await Promise.all(warm.map((arm) => quietly(this.#warmModel(arm).warm(options), options.signal)));
  }

  /**
   * For idle arms, `idleMs` before a request is due: a connection is opened, and used once for a question that costs no
   * tokens (which models there are), so that the server has seen it in use.
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

  /** At the moment of the request: nothing is waited for. */
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

/** What goes wrong here, a request meets and tells; only an abort is passed on. */
async function quietly(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (signal.aborted || !isFirstwordError(error)) throw error;
  }
}
