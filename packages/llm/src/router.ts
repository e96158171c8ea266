import { type Clock, FirstwordError, systemClock } from '@firstword/turn';
import type { ChatRequest } from './chat.js';
import type { LatencyMemory } from './memory/latency-memory.js';
import type { ChatOptions, ChatStream, LanguageModel } from './model.js';
import { type BreakerSettings, DEFAULT_BREAKER } from './policy/breaker/breaker.js';
import { isSameRequest, requestKey } from './policy/coalesce/request-key.js';
import { qualifiedName, RouterState } from './route/router-state.js';
import type { RouteSettings } from './route/settings.js';
import { SharedChat } from './route/shared-chat.js';
import { failedChat } from './stream/failed-chat.js';

export interface RouterOptions {
  /** The primary first, then its backups. The router closes them. Several keys of one model are replicas. */
  models: LanguageModel[];
  /**
   * `given` (default): the first that is fit answers. `fastest`: the one that has lately been fastest; others are
   * tried beside it, within `exploreBudget`, to keep what is known fresh.
   */
  order?: 'given' | 'fastest';
  /** A request with no text or tool call by then brings in the next model, and stays in the race, ms; default 2000. */
  firstContentDeadlineMs?: number;
  hedge?: {
    /** Share of requests that may be sent twice, and of prompt tokens, beyond the first 20; 0 to 1, default 0.1. 0 hedges never. */
    budget?: number;
    /**
     * Share of the budget for requests that are picked by chance and sent twice at once; 0 to 1, default 0. Hedges that
     * wait cut off the slow answers and leave the usual one as it is; these make the usual one sooner, and the rest
     * waits longer for its hedges. Chance is in it because it buys most: Kaler, He and Elnikety, "Optimal Reissue
     * Policies for Reducing Tail Latency" (SPAA 2017). Worth it where the usual answer is slow.
     */
    atOnce?: number;
    /**
     * Hedge at this quantile of the model's own times to first content. Left out, the delay follows from the budget and
     * from how long callers have waited (`ChatOptions.waitingSinceMs`).
     */
    quantile?: number;
    /** Delay while fewer than 10 answers are known, ms; default 800. */
    initialDelayMs?: number;
  };
  /** Share of requests spent on learning under `fastest`, 0 to 1; default 0.02. */
  exploreBudget?: number;
  stall?: {
    /** Silence inside a first clause that nobody has heard: another model replaces it, ms; default 600. */
    beforeClauseMs?: number;
    /** Silence after the first clause, ms; default 4000. */
    afterClauseMs?: number;
    /** Once an answer that is being heard breaks off: `end` (default) finishes with reason `cut_short`; `continue` asks another model to go on. */
    onBreak?: 'end' | 'continue';
  };
  /** Requests in all that one answer may take; default: one more than there are models, at least 3. */
  maxAttempts?: number;
  /** A provider that asks to be left alone longer than this is not waited for, ms; default 2000. */
  maxRetryWaitMs?: number;
  breaker?: Partial<BreakerSettings>;
  /**
   * Passes text on from the first clause (or 80 characters, or a tool call) on; default true. A voice needs a clause to
   * begin, and until then a stalled answer can be replaced unheard. With false every piece passes at once.
   */
  holdUntilClause?: boolean;
  /** One answer for identical requests in flight; default true. */
  coalesce?: boolean;
  /**
   * An answer that nobody listens to any more goes on so long, ms; default 0, which stops it and its sockets at once.
   * Within that time an identical request takes it over: a voice session without `EagerSTT` drops a request on each
   * transcript, often for the same words written otherwise, and 250 then saves the second one. Its price is what the
   * provider bills for that time. `close()` always stops it.
   */
  coalesceGraceMs?: number;
  /**
   * Where the models' times are kept, so that a new router begins with what others have seen: `latencyFile(path)`.
   * LiveKit answers every call in a process of its own, and a router in it would know nothing at each first question.
   */
  memory?: LatencyMemory | undefined;
  clock?: Clock;
  /** For tests: 0 to 1. */
  random?: () => number;
}

/** What a router has learned so far. */
export type RouterStats = ReturnType<RouterState['snapshot']>;

/** Several models as one. */
export interface Router extends LanguageModel {
  stats(): RouterStats;
}

function toSettings(options: RouterOptions): RouteSettings {
  const { models, hedge = {}, stall = {} } = options;
  return {
    models,
    order: options.order ?? 'given',
    firstContentDeadlineMs: options.firstContentDeadlineMs ?? 2_000,
    hedge: {
      budget: hedge.budget ?? 0.1,
      atOnce: hedge.atOnce ?? 0,
      quantile: hedge.quantile,
      initialDelayMs: hedge.initialDelayMs ?? 800,
    },
    exploreBudget: options.exploreBudget ?? 0.02,
    stall: {
      beforeClauseMs: stall.beforeClauseMs ?? 600,
      afterClauseMs: stall.afterClauseMs ?? 4_000,
      onBreak: stall.onBreak ?? 'end',
    },
    maxAttempts: options.maxAttempts ?? Math.max(3, models.length + 1),
    maxRetryWaitMs: options.maxRetryWaitMs ?? 2_000,
    breaker: { ...DEFAULT_BREAKER, ...options.breaker },
    holdUntilClause: options.holdUntilClause ?? true,
    memory: options.memory,
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
  };
}

/**
 * One model out of several: a provider that is slow, stuck, limited or down does not decide how long a caller waits.
 * The trace of each answer names every request made for it and why.
 *
 * @throws FirstwordError `bad_input` without a model, or with a share outside 0 to 1
 */
export function router(options: RouterOptions): Router {
  if (options.models.length === 0) throw new FirstwordError('bad_input', 'a router needs at least one model');
  const { budget, atOnce, quantile } = options.hedge ?? {};
  for (const share of [budget, atOnce, quantile, options.exploreBudget]) {
    if (share !== undefined && !(share >= 0 && share <= 1)) {
      throw new FirstwordError(
        'bad_input',
        'budgets, atOnce and quantiles of a router are shares from 0 to 1',
      );
    }
  }
  const graceMs = options.coalesce === false ? 0 : (options.coalesceGraceMs ?? 0);
  return new RouterModel(toSettings(options), { coalesce: options.coalesce ?? true, graceMs });
}

class RouterModel implements Router {
  readonly provider = 'router';
  readonly model: string;
  readonly #settings: RouteSettings;
  readonly #state: RouterState;
  readonly #coalesce: boolean;
  readonly #graceMs: number;
  readonly #chats = new Set<SharedChat>();
  /** The latest answer under way for each key. */
  readonly #inFlight = new Map<string, SharedChat>();
  #closed = false;

  constructor(settings: RouteSettings, options: { coalesce: boolean; graceMs: number }) {
    this.#settings = settings;
    this.#state = new RouterState(settings);
    this.#coalesce = options.coalesce;
    this.#graceMs = options.graceMs;
    this.model = settings.models.map(qualifiedName).join(', ');
  }

  chat(request: ChatRequest, options: ChatOptions = {}): ChatStream {
    const problem = this.#validate(request, options.signal);
    if (problem) return failedChat({ provider: this.provider, model: this.model, error: problem });
    const key = requestKey(request);
    return (this.#coalescable(request, key) ?? this.#start(request, key)).join(options);
  }

  /** An answer under way that serves this request too. */
  #coalescable(request: ChatRequest, key: string): SharedChat | undefined {
    const chat = this.#coalesce ? this.#inFlight.get(key) : undefined;
    if (!chat || !isSameRequest(chat.request, request)) return undefined;
    chat.recordCoalesced();
    return chat;
  }

  #start(request: ChatRequest, key: string): SharedChat {
    const chat = new SharedChat({
      settings: this.#settings,
      state: this.#state,
      request,
      graceMs: this.#graceMs,
      onSettled: () => {
        this.#chats.delete(chat);
        if (this.#inFlight.get(key) === chat) this.#inFlight.delete(key);
      },
    });
    this.#chats.add(chat);
    this.#inFlight.set(key, chat);
    return chat;
  }

  async warm(options: { signal?: AbortSignal } = {}): Promise<void> {
    const results = await Promise.allSettled(this.#settings.models.map((model) => model.warm(options)));
    const failed = results.filter((result) => result.status === 'rejected');
    if (failed.length === results.length) throw failed[0]!.reason;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const chat of [...this.#chats]) chat.cancel();
    await Promise.all(this.#settings.models.map((model) => model.close()));
  }

  stats(): RouterStats {
    return this.#state.snapshot();
  }

  #validate(request: ChatRequest, signal: AbortSignal | undefined): FirstwordError | undefined {
    if (this.#closed) return new FirstwordError('bad_input', 'this router was closed: make a new one');
    if (request.messages.length === 0)
      return new FirstwordError('bad_input', 'the request has no messages: give at least one');
    if (signal?.aborted) return new FirstwordError('aborted', 'the request was aborted by its signal');
    return undefined;
  }
}
