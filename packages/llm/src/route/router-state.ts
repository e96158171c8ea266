import { FirstwordError } from '@firstword/turn';
import type { ChatRequest } from '../chat.js';
import type { LanguageModel } from '../model.js';
import * as breaker from '../policy/breaker/breaker.js';
import { hedgeDelayMs, MIN_SAMPLES } from '../policy/hedge/delay.js';
import { hedgeTarget } from '../policy/hedge/target.js';
import * as bucket from '../policy/hedge/token-bucket.js';
import { LatencyWindow, type RequestContext } from '../policy/latency/window.js';
import { modelToExplore } from '../policy/order/explore.js';
import {
  type ModelHealth,
  orderModels,
  preferOtherProvider,
  RECENT_SAMPLES,
  recentSpeedMs,
} from '../policy/order/order.js';
import { spreadSessions } from '../policy/order/spread.js';
import * as headroom from '../policy/ratelimit/headroom.js';
import { ProviderError } from '../provider-error.js';
import type { RequestTrace } from '../trace.js';
import type { RouteSettings } from './settings.js';

interface ModelState {
  latency: LatencyWindow;
  breaker: breaker.Breaker;
  limits: headroom.LimitState;
}

/** Asking again cannot help before somebody changes a setting. */
const PERMANENT = new Set(['auth', 'model_not_found', 'not_an_api']);
/** The request's fault, or nobody's: it says nothing about the provider. */
const NOT_THE_PROVIDERS_FAULT = new Set([
  'bad_input',
  'bad_request',
  'context_too_long',
  'aborted',
  'rate_limited',
]);

/** What a model is known by, whichever of its keys or addresses it is. */
export const qualifiedName = ({ provider, model }: LanguageModel) => `${provider}/${model}`;

/** Everything a router has learned, and the questions it asks of its policies. */
export class RouterState {
  readonly #settings: RouteSettings;
  readonly #models: ModelState[];
  #bucket = bucket.newBucket();
  requests = 0;
  extraRequests = 0;

  constructor(settings: RouteSettings) {
    this.#settings = settings;
    const { models, memory } = settings;
    this.#models = models.map(qualifiedName).map((name) => ({
      latency: new LatencyWindow({
        history: memory?.load(name),
        onObserved: (seen) => memory?.append(name, seen),
      }),
      breaker: breaker.CLOSED,
      limits: headroom.NO_LIMITS,
    }));
  }

  modelHealth(tokens: number): ModelHealth[] {
    const nowMs = this.#settings.clock.nowMs();
    return this.#models.map((entry, index) => ({
      provider: this.#settings.models[index]!.provider,
      recent: entry.latency.recent(RECENT_SAMPLES),
      admission: breaker.admission(entry.breaker, nowMs),
      rateLimited: headroom.isRateLimited(entry.limits, { nowMs, tokens }),
    }));
  }

  /** The order for one request, and a model to try beside the first, if it is time to learn something. */
  plan(request: ChatRequest, tokens: number): { order: number[]; explore: number | undefined } {
    const { models, order: how, exploreBudget, random } = this.#settings;
    const health = this.modelHealth(tokens);
    let order = orderModels(health, how);
    const session = request.extra?.prompt_cache_key;
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

  /** Whether the next request is one of those that are sent twice at once. */
  hedgesImmediately(): boolean {
    const { budget, atOnce } = this.#settings.hedge;
    return atOnce > 0 && this.#settings.random() < budget * atOnce;
  }

  /** How long to wait for a model's first content, from when it was asked. `priorWaitMs`: its caller had waited so long. */
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

  /** A model for a second request beside the one that waits, or why there is none. `tried` has an entry per request. */
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

  /** A new request came in. */
  recordRequest(tokens: number): void {
    this.requests += 1;
    this.#bucket = bucket.refill(this.#bucket, {
      budget: this.#settings.hedge.budget,
      promptTokens: tokens,
    });
  }

  recordSent(index: number, request: { tokens: number; extra: boolean }): void {
    const entry = this.#models[index]!;
    entry.breaker = breaker.afterSend(entry.breaker, this.#settings.clock.nowMs());
    entry.limits = headroom.afterSend(entry.limits, request);
    if (!request.extra) return;
    this.extraRequests += 1;
    this.#bucket = bucket.take(this.#bucket, { promptTokens: request.tokens });
  }

  /** First content came. */
  recordFirstContent(index: number, ttftMs: number, context: RequestContext = {}): void {
    const entry = this.#models[index]!;
    entry.latency.add({ ms: ttftMs, censored: false }, context);
  }

  /** It answered, to the end or until nobody listened any more. */
  recordFinished(index: number): void {
    this.#models[index]!.breaker = breaker.afterSuccess();
  }

  /** It fell silent inside an answer. */
  recordStall(index: number): void {
    this.#fail(this.#models[index]!, 'failed');
  }

  /** Another answered first. `fair`: this one had started no later. */
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

  recordFailure(index: number, error: unknown): void {
    const entry = this.#models[index]!;
    const code = error instanceof FirstwordError ? error.code : 'internal';
    const nowMs = this.#settings.clock.nowMs();
    if (code === 'rate_limited') {
      const retryAfterMs = error instanceof ProviderError ? error.retryAfterMs : undefined;
      entry.limits = headroom.afterRefusal(entry.limits, nowMs, retryAfterMs);
    }
    if (NOT_THE_PROVIDERS_FAULT.has(code)) entry.breaker = breaker.afterNoVerdict(entry.breaker, nowMs);
    else this.#fail(entry, PERMANENT.has(code) ? 'permanent' : 'failed');
  }

  /** The caller went away before this one could show anything. */
  recordAbandoned(index: number, waitedMs: number, context: RequestContext = {}): void {
    const entry = this.#models[index]!;
    entry.latency.addAbandoned(waitedMs, context);
    entry.breaker = breaker.afterNoVerdict(entry.breaker, this.#settings.clock.nowMs());
  }

  /** It said nothing: no verdict on the provider, for a model may have nothing to say. */
  recordEmpty(index: number): void {
    const entry = this.#models[index]!;
    entry.breaker = breaker.afterNoVerdict(entry.breaker, this.#settings.clock.nowMs());
  }

  recordLimits(index: number, trace: RequestTrace): void {
    if (!trace.limits) return;
    const entry = this.#models[index]!;
    entry.limits = headroom.afterHeaders(entry.limits, trace.limits, this.#settings.clock.nowMs());
  }

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
      })),
    };
  }

  #fail(entry: ModelState, kind: breaker.Failure): void {
    const failure = { nowMs: this.#settings.clock.nowMs(), kind };
    entry.breaker = breaker.afterFailure(entry.breaker, failure, this.#settings.breaker);
  }
}
