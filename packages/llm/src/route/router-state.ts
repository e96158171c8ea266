import { FirstwordError } from '@firstword/turn';
import type { ChatRequest } from '../chat.js';
import * as breaker from '../policy/breaker/breaker.js';
import { hedgeDelayMs, MIN_SAMPLES } from '../policy/hedge/delay.js';
import { hedgeTarget } from '../policy/hedge/target.js';
import * as bucket from '../policy/hedge/token-bucket.js';
import type { RequestContext } from '../policy/latency/window.js';
import { modelToExplore } from '../policy/order/explore.js';
import {
  type ModelHealth,
  orderModels,
  preferOtherProvider,
  RECENT_SAMPLES,
  recentSpeedMs,
} from '../policy/order/order.js';
import { spreadSessions } from '../policy/order/spread.js';
import * as peers from '../policy/peers/peer-news.js';
import * as headroom from '../policy/ratelimit/headroom.js';
import { ProviderError } from '../provider-error.js';
import type { RequestTrace } from '../trace.js';
import { ModelState, qualifiedName } from './model-state.js';
import type { RouteSettings } from './settings.js';

/** Errors that stay until somebody changes a setting. */
const PERMANENT = new Set(['auth', 'model_not_found', 'not_an_api']);
/** Errors that say nothing about the provider's health. */
const NOT_THE_PROVIDERS_FAULT = new Set([
  'bad_input',
  'bad_request',
  'context_too_long',
  'aborted',
  'rate_limited',
]);

/**
 * The state of a router: latencies, breakers, rate limits and the hedge budget. It passes that state to the policies
 * and records the outcome of each request.
 */
export class RouterState {
  readonly #settings: RouteSettings;
  readonly #models: ModelState[];
  #bucket = bucket.newBucket();
  requests = 0;
  extraRequests = 0;

  constructor(settings: RouteSettings) {
    this.#settings = settings;
    this.#models = settings.models.map((model) => new ModelState(model, settings));
  }

  /** The health of each model for a request of this many prompt tokens (an estimate). */
  modelHealth(tokens: number): ModelHealth[] {
    const nowMs = this.#settings.clock.nowMs();
    return this.#models.map((entry, index) => ({
      provider: this.#settings.models[index]!.provider,
      recent: entry.latency.recent(RECENT_SAMPLES),
      admission: breaker.admission(entry.breaker, nowMs),
      rateLimited: entry.isRateLimited(tokens),
    }));
  }

  /**
   * The order in which to try the models for one request, and a model to send it to as well if one should be
   * measured.
   */
  plan(request: ChatRequest, tokens: number): { order: number[]; explore: number | undefined } {
    const { models, order: how, exploreBudget, random } = this.#settings;
    const health = this.modelHealth(tokens);
    let order = orderModels(health, how);
    const session = request.extra?.prompt_cache_key ?? request.sessionId;
    if (typeof session === 'string' && how === 'given') {
      const fit = order.filter(
        (index) => health[index]!.admission === 'allow' && !health[index]!.rateLimited,
      );
      order = [
        ...spreadSessions(fit, models.map(qualifiedName), session),
        ...order.filter((index) => !fit.includes(index)),
      ];
    }
    const explore = modelToExplore({
      models: health,
      primary: order[0]!,
      order: how,
      budget: exploreBudget,
      chance: random(),
    });
    return { order, explore };
  }

  /** Whether to hedge the next request immediately (`hedge.atOnce`). */
  hedgesImmediately(): boolean {
    const { budget, atOnce } = this.#settings.hedge;
    return atOnce > 0 && this.#settings.random() < budget * atOnce;
  }

  /**
   * Hedge delay, counted from when the request was sent, ms.
   * @param priorWaitMs how long the caller had already waited at that moment
   */
  hedgeDelayMs(index: number, priorWaitMs: number): number {
    const { budget, atOnce, quantile, initialDelayMs } = this.#settings.hedge;
    return hedgeDelayMs({
      quantile,
      priorWaitMs,
      initialDelayMs,
      budget: budget * (1 - atOnce),
      latency: this.#models[index]!.latency,
      bucketFill: bucket.fillLevel(this.#bucket),
    });
  }

  /**
   * The model to hedge with, or why there is none.
   * @param options.waiting the model that has not answered yet
   * @param options.tried the model of each request sent so far
   */
  hedgeCandidate(options: {
    order: number[];
    waiting: number;
    tried: number[];
    tokens: number;
  }): number | 'budget' | 'no other model available' {
    const { order, waiting, tried, tokens } = options;
    if (this.#settings.hedge.budget <= 0) return 'budget';
    const health = this.modelHealth(tokens);
    const fit = order.filter((index) => health[index]!.admission === 'allow' && !health[index]!.rateLimited);
    const others = fit.filter((index) => !tried.includes(index));
    const [other] = preferOtherProvider(others, health, this.#settings.models[waiting]!.provider);
    const sent = tried.filter((index) => index === waiting).length;
    const again = fit.includes(waiting) && this.#shouldHedgeSameModel({ waiting, other, sent, health });
    const candidate = again ? waiting : other;
    if (candidate === undefined) return 'no other model available';
    return bucket.canHedge(this.#bucket, { promptTokens: tokens }) ? candidate : 'budget';
  }

  #shouldHedgeSameModel(options: {
    waiting: number;
    other: number | undefined;
    sent: number;
    health: ModelHealth[];
  }): boolean {
    const { waiting, other, sent, health } = options;
    if (other === undefined) return this.#models.length === 1 && sent === 1;
    const { latency } = this.#models[waiting]!;
    return (
      hedgeTarget({
        recent: health[waiting]!.recent,
        slowMs: latency.count < MIN_SAMPLES ? undefined : latency.quantile(0.95),
        sent,
        otherRecent: health[other]!.recent,
        otherMedianMs: this.#models[other]!.latency.quantile(0.5),
      }) === 'same'
    );
  }

  /** A new chat request: refills the hedge budget. */
  recordRequest(tokens: number): void {
    this.requests += 1;
    this.#bucket = bucket.refill(this.#bucket, {
      budget: this.#settings.hedge.budget,
      promptTokens: tokens,
    });
  }

  /** A request was sent. `extra`: it is not the first one of its chat. */
  recordSent(index: number, request: { tokens: number; extra: boolean }): void {
    const entry = this.#models[index]!;
    entry.breaker = breaker.afterSend(entry.breaker, this.#settings.clock.nowMs(), this.#settings.breaker);
    entry.limits = headroom.afterSend(entry.limits, request);
    if (!request.extra) return;
    this.extraRequests += 1;
    this.#bucket = bucket.take(this.#bucket, { promptTokens: request.tokens });
  }

  /** The first content arrived. */
  recordFirstContent(index: number, ttftMs: number, context: RequestContext = {}): void {
    const entry = this.#models[index]!;
    entry.latency.add({ ms: ttftMs, censored: false }, context);
    const nowMs = this.#settings.clock.nowMs();
    entry.peer = peers.afterAnswer(entry.peer, { nowMs, sentMs: nowMs - ttftMs });
  }

  /** The model answered, to the end or until its reader left. */
  recordFinished(index: number): void {
    this.#models[index]!.breaker = breaker.afterSuccess();
  }

  /** The answer stalled. */
  recordStall(index: number): void {
    this.#fail(this.#models[index]!, 'failed');
  }

  /** Another request answered first. `fair`: this one had started no later than the winner. */
  recordLostRace(
    index: number,
    race: { waitedMs: number; fair: boolean },
    context: RequestContext = {},
  ): void {
    const entry = this.#models[index]!;
    const nowMs = this.#settings.clock.nowMs();
    const usualMs = recentSpeedMs(entry.latency.recent(RECENT_SAMPLES));
    const informative = race.fair || (usualMs !== undefined && race.waitedMs > usualMs);
    if (informative) entry.latency.add({ ms: race.waitedMs, censored: true }, context);
    else entry.latency.addUnfairLoss(race.waitedMs, context);
    const late = race.waitedMs >= this.#settings.firstContentDeadlineMs;
    if (late) this.#fail(entry, 'late');
    else entry.breaker = breaker.afterNoVerdict(entry.breaker, nowMs);
  }

  /** The request failed. */
  recordFailure(index: number, error: unknown): void {
    const entry = this.#models[index]!;
    const code = error instanceof FirstwordError ? error.code : 'internal';
    const nowMs = this.#settings.clock.nowMs();
    if (code === 'rate_limited') {
      const retryAfterMs = error instanceof ProviderError ? error.retryAfterMs : undefined;
      entry.limits = headroom.afterRefusal(entry.limits, nowMs, retryAfterMs);
      entry.peer = peers.afterOwnFailure(entry.peer);
      entry.reportLimits({ blockedMs: entry.limits.blockedUntilMs - nowMs });
    }
    if (NOT_THE_PROVIDERS_FAULT.has(code)) entry.breaker = breaker.afterNoVerdict(entry.breaker, nowMs);
    else this.#fail(entry, PERMANENT.has(code) ? 'permanent' : 'failed');
  }

  /** The request was cancelled before any content. */
  recordAbandoned(index: number, waitedMs: number, context: RequestContext = {}): void {
    const entry = this.#models[index]!;
    entry.latency.addAbandoned(waitedMs, context);
    entry.breaker = breaker.afterNoVerdict(entry.breaker, this.#settings.clock.nowMs());
  }

  /** The answer was empty. That does not count against the provider: a model may have nothing to say. */
  recordEmpty(index: number): void {
    const entry = this.#models[index]!;
    entry.breaker = breaker.afterNoVerdict(entry.breaker, this.#settings.clock.nowMs());
  }

  /** Reads the rate limits from the response headers. */
  recordLimits(index: number, trace: RequestTrace): void {
    if (!trace.limits) return;
    const entry = this.#models[index]!;
    entry.limits = headroom.afterHeaders(entry.limits, trace.limits, this.#settings.clock.nowMs());
    entry.peer = peers.afterOwnLimits(entry.peer);
    if (headroom.isRunningLow(trace.limits)) entry.reportLimits(trace.limits);
  }

  /** Stops receiving data of other routers. */
  close(): void {
    for (const entry of this.#models) entry.close();
  }

  /** A copy of the counters and latencies, for `stats()`. */
  snapshot() {
    const nowMs = this.#settings.clock.nowMs();
    return {
      requests: this.requests,
      extraRequests: this.extraRequests,
      models: this.#models.map((entry, index) => ({
        provider: this.#settings.models[index]!.provider,
        model: this.#settings.models[index]!.model,
        samples: entry.latency.count,
        ttftP50Ms: entry.latency.quantile(0.5),
        ttftP95Ms: entry.latency.quantile(0.95),
        breaker: breaker.admission(entry.breaker, nowMs),
        /** Its provider would probably refuse a request now. */
        rateLimited: entry.isRateLimited(0),
        /** Requests and tokens left, as the provider last reported. */
        headroom: entry.headroom,
      })),
    };
  }

  #fail(entry: ModelState, kind: breaker.Failure): void {
    const nowMs = this.#settings.clock.nowMs();
    const before = entry.breaker;
    entry.breaker = breaker.afterFailure(before, { nowMs, kind }, this.#settings.breaker);
    entry.peer = peers.afterOwnFailure(entry.peer);
    // A refused key is a matter of this process, and a failure while it is open of requests sent before.
    if (kind === 'permanent' || entry.breaker.state !== 'open' || before.state === 'open') return;
    entry.reportOpened(entry.breaker.untilMs - nowMs);
  }
}
