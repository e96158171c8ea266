import { type Clock, FirstwordError, systemClock, withDefaults } from '@firstword/turn';
import type { ChatRequest } from './chat.js';
import type { RouterMemory } from './memory/router-memory.js';
import type { ChatOptions, ChatStream, LanguageModel } from './model.js';
import type { BreakerSettings } from './policy/breaker/breaker.js';
import { isSameRequest, requestKey } from './policy/coalesce/request-key.js';
import { qualifiedName } from './route/model-state.js';
import { RouterState } from './route/router-state.js';
import { ROUTER_DEFAULTS, type RouteSettings } from './route/settings.js';
import { SharedChat } from './route/shared-chat.js';
import { failedChat } from './stream/failed-chat.js';

/** Options of `router()`. */
export interface RouterOptions {
  /**
   * The primary model first, then its backups. The router closes them. Entries with the same provider and model
   * (several keys or addresses) are treated as replicas.
   */
  models: LanguageModel[];
  /**
   * `given` (default): the first healthy model answers. `fastest`: the model with the lowest recent time to first
   * content answers; a share of the requests (`exploreBudget`) is also sent to another model to keep the measurements
   * current.
   */
  order?: 'given' | 'fastest';
  /**
   * Deadline for the first text or tool call, ms; default 2000. When it passes, the next model is asked too; the late
   * request stays in the race.
   */
  firstContentDeadlineMs?: number;
  /**
   * Longest wait for the first text or tool call of all models together, ms; default 8000. When it passes, the answer
   * fails with code `timeout`. A model that is sending an answer, or reasoning, is not cut off.
   */
  giveUpAfterMs?: number;
  /** Hedging: a second request when the first content is late. */
  hedge?: {
    /**
     * Share of requests that may be hedged, and the same share of prompt tokens, after an initial credit of 20
     * hedges; 0 to 1, default 0.1. 0 turns hedging off.
     */
    budget?: number;
    /**
     * Share of the hedge budget spent on requests that are picked at random and sent to two models immediately; 0 to
     * 1, default 0. Delayed hedges only shorten the slow tail. Immediate ones also lower the median, but leave less
     * budget for delayed ones. Useful where the median itself is slow. Random choice is the optimal policy: Kaler, He
     * and Elnikety, "Optimal Reissue Policies for Reducing Tail Latency" (SPAA 2017).
     */
    atOnce?: number;
    /**
     * Hedge after this quantile of the model's own times to first content, 0 to 1. Default: the delay follows from
     * the budget and from how long callers have waited (`ChatOptions.waitingSinceMs`).
     */
    quantile?: number;
    /** Hedge delay while fewer than 10 answers have been measured, ms; default 800. */
    initialDelayMs?: number;
  };
  /** Share of requests that are also sent to another model to measure it, under `fastest`; 0 to 1, default 0.02. */
  exploreBudget?: number;
  /** What happens when a stream pauses. */
  stall?: {
    /**
     * Pause before the first clause is complete after which another model replaces the stream, ms; default 600.
     * Nothing has been spoken yet, so the caller does not notice. Inside the arguments of a tool call, where some
     * providers (Anthropic) send one whole value at a time, `firstContentDeadlineMs` applies if it is longer.
     */
    beforeClauseMs?: number;
    /** Pause after the first clause after which the answer counts as broken, ms; default 4000. */
    afterClauseMs?: number;
    /**
     * What happens when an answer breaks after part of it was passed on. `end` (default): it finishes with reason
     * `cut_short`, or fails if it broke inside a tool call. `continue`: another model is asked to continue it.
     */
    onBreak?: 'end' | 'continue';
  };
  /** Maximum number of requests for one answer; default: one more than there are models, at least 3. */
  maxAttempts?: number;
  /** Longest `retry-after` that the router waits for, ms; default 2000. */
  maxRetryWaitMs?: number;
  /** Circuit breaker of each model; default: opens after 3 failures, for 5,000 ms, doubling up to 60,000 ms. */
  breaker?: Partial<BreakerSettings>;
  /**
   * Holds text back until there is a clause (`ClauseCutter` of `@firstword/turn`, as `ClauseTTS` cuts) or a tool call;
   * default true. A TTS needs a clause to start, and until then a stalled answer can be replaced unnoticed. With false,
   * every piece is passed on at once.
   */
  holdUntilClause?: boolean;
  /** Answers identical concurrent requests with one request; default true. */
  coalesce?: boolean;
  /**
   * How long an answer keeps running after its last reader has left, ms; default 0, which cancels it and its sockets
   * at once. Within that time an identical request joins it. A voice session without `EagerSTT` drops a request on
   * every transcript and often sends the same words again in another spelling; 250 then saves the second request. The
   * cost is what the provider bills for that time. `close()` always cancels it.
   */
  coalesceGraceMs?: number;
  /**
   * What this router shares with others: measured times, opened breakers and exhausted rate limits. `sharedMemory()` within a
   * process, `latencyFile(path)` on one machine, `valkeyMemory()` of `@firstword/llm/valkey` on several. LiveKit runs every
   * call in its own process, so without a memory the router of every call starts without measurements. Default: none.
   */
  memory?: RouterMemory | undefined;
  /** Clock for all timers and timestamps; default the system's monotonic clock. */
  clock?: Clock;
  /** Random numbers from 0 to 1, for tests; default `Math.random`. */
  random?: () => number;
}

/** Request counts and the measured latency of each model. */
export type RouterStats = ReturnType<RouterState['snapshot']>;

/** Several models behind one `LanguageModel`. */
export interface Router extends LanguageModel {
  /** What the router has measured so far. */
  stats(): RouterStats;
}

type HedgeNumbers = Omit<RouteSettings['hedge'], 'quantile'>;

function toSettings(options: RouterOptions): RouteSettings {
  const { models, hedge } = options;
  const usual = ROUTER_DEFAULTS;
  return {
    models,
    order: options.order ?? usual.order,
    firstContentDeadlineMs: options.firstContentDeadlineMs ?? usual.firstContentDeadlineMs,
    giveUpAfterMs: options.giveUpAfterMs ?? usual.giveUpAfterMs,
    hedge: { quantile: hedge?.quantile, ...withDefaults<HedgeNumbers>(usual.hedge, hedge) },
    exploreBudget: options.exploreBudget ?? usual.exploreBudget,
    stall: withDefaults<RouteSettings['stall']>(usual.stall, options.stall),
    maxAttempts: options.maxAttempts ?? Math.max(3, models.length + 1),
    maxRetryWaitMs: options.maxRetryWaitMs ?? usual.maxRetryWaitMs,
    breaker: withDefaults(usual.breaker, options.breaker),
    holdUntilClause: options.holdUntilClause ?? true,
    memory: options.memory,
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
  };
}

/**
 * Routes each request to one of several models, so that a slow, stalled, rate-limited or failing provider does not
 * determine how long a caller waits. The trace of each answer lists every request that was sent for it, and why.
 * @throws FirstwordError `bad_input` without a model, or with a share outside 0 to 1
 */
export function router(options: RouterOptions): Router {
  if (options.models.length === 0) throw new FirstwordError('bad_input', 'a router needs at least one model');
  const { budget, atOnce, quantile } = options.hedge ?? {};
  for (const share of [budget, atOnce, quantile, options.exploreBudget]) {
    if (share !== undefined && !(share >= 0 && share <= 1)) {
      throw new FirstwordError(
        'bad_input',
        'hedge.budget, hedge.atOnce, hedge.quantile and exploreBudget must be from 0 to 1',
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
  /** The latest running answer for each request key. */
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
    const key = this.#coalesce ? requestKey(request) : '';
    return (this.#coalescable(request, key) ?? this.#start(request, key, options)).join(options);
  }

  /** A running answer to an identical request. */
  #coalescable(request: ChatRequest, key: string): SharedChat | undefined {
    const chat = this.#coalesce ? this.#inFlight.get(key) : undefined;
    if (!chat || !isSameRequest(chat.request, request)) return undefined;
    chat.recordCoalesced();
    return chat;
  }

  #start(request: ChatRequest, key: string, { holdUntilClause }: ChatOptions): SharedChat {
    const chat = new SharedChat({
      settings: this.#settings,
      state: this.#state,
      request,
      holdUntilClause,
      shared: this.#coalesce,
      graceMs: this.#graceMs,
      onSettled: () => {
        this.#chats.delete(chat);
        if (this.#inFlight.get(key) === chat) this.#inFlight.delete(key);
      },
    });
    this.#chats.add(chat);
    if (this.#coalesce) this.#inFlight.set(key, chat);
    return chat;
  }

  async warm(options: { signal?: AbortSignal } = {}): Promise<void> {
    const { models, memory } = this.#settings;
    const [results] = await Promise.all([
      Promise.allSettled(models.map((model) => model.warm(options))),
      memory?.ready?.(),
    ]);
    const failed = results.filter((result) => result.status === 'rejected');
    if (failed.length === results.length) throw failed[0]!.reason;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const chat of [...this.#chats]) chat.cancel();
    this.#state.close();
    await Promise.all(this.#settings.models.map((model) => model.close()));
  }

  stats(): RouterStats {
    return this.#state.snapshot();
  }

  #validate(request: ChatRequest, signal: AbortSignal | undefined): FirstwordError | undefined {
    if (this.#closed) return new FirstwordError('bad_input', 'this router is closed: create a new one');
    if (request.messages.length === 0)
      return new FirstwordError('bad_input', 'the request has no messages: give at least one');
    if (signal?.aborted) return new FirstwordError('aborted', 'the request was aborted by its signal');
    return undefined;
  }
}
