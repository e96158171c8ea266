import { FirstwordError } from '@firstword/turn';
import type { ChatRequest } from '../chat.js';
import type { LanguageModel } from '../model.js';
import * as breaker from '../policy/breaker/breaker.js';
import * as account from '../policy/hedge/budget.js';
import { hedgeDelayMs, MIN_SAMPLES } from '../policy/hedge/delay.js';
import { hedgeTarget } from '../policy/hedge/target.js';
import { LatencyWindow, type Place } from '../policy/latency/window.js';
import { exploration } from '../policy/order/explore.js';
import {
  orderModels,
  preferOtherProvider,
  RECENT,
  recentSpeedMs,
  type Standing,
} from '../policy/order/order.js';
import { spreadOver } from '../policy/order/spread.js';
import * as headroom from '../policy/ratelimit/headroom.js';
import { ProviderError } from '../provider-error.js';
import type { RequestTrace } from '../trace.js';
import type { RouteSettings } from './settings.js';

interface Entry {
  latency: LatencyWindow;
  breaker: breaker.Breaker;
  limits: headroom.LimitState;
}

/** Asking again cannot help before somebody changes a setting. */
const FINAL = new Set(['auth', 'model_not_found', 'not_an_api']);
/** The request's fault, or nobody's: it says nothing about the provider. */
const BLAMELESS = new Set(['bad_input', 'bad_request', 'context_too_long', 'aborted', 'rate_limited']);

/** What a model is known by, whichever of its keys or addresses it is. */
export const nameOf = ({ provider, model }: LanguageModel) => `${provider}/${model}`;

/** Everything a router has learned, and the questions it asks of its policies. */
export class Book {
  readonly #settings: RouteSettings;
  readonly #entries: Entry[];
  #account = account.openAccount();
  requests = 0;
  extraRequests = 0;

  constructor(settings: RouteSettings) {
    this.#settings = settings;
    const { models, memory } = settings;
    this.#entries = models.map(nameOf).map((name) => ({
      latency: new LatencyWindow({
        known: memory?.recall(name),
        onObserved: (seen) => memory?.note(name, seen),
      }),
      breaker: breaker.CLOSED,
      limits: headroom.NO_LIMITS,
    }));
  }

  standings(tokens: number): Standing[] {
    const nowMs = this.#settings.clock.nowMs();
    return this.#entries.map((entry, index) => ({
      provider: this.#settings.models[index]!.provider,
      recent: entry.latency.recent(RECENT),
      admission: breaker.admission(entry.breaker, nowMs),
      spent: headroom.isSpent(entry.limits, { nowMs, tokens }),
    }));
  }

  /** The order for one request, and a model to try beside the first, if it is time to learn something. */
  plan(request: ChatRequest, tokens: number): { order: number[]; explore: number | undefined } {
    const { models, order: how, exploreBudget, random } = this.#settings;
    const standings = this.standings(tokens);
    let order = orderModels(standings, how);
    const session = request.extra?.prompt_cache_key;
    if (typeof session === 'string' && how === 'given') {
      const fit = order.filter((index) => standings[index]!.admission === 'open' && !standings[index]!.spent);
      order = [
        ...spreadOver(fit, models.map(nameOf), session),
        ...order.filter((index) => !fit.includes(index)),
      ];
    }
    const explore = exploration({
      standings,
      primary: order[0]!,
      order: how,
      budget: exploreBudget,
      chance: random(),
    });
    return { order, explore };
  }

  /** Whether the next request is one of those that are sent twice at once. */
  hedgesAtOnce(): boolean {
    const { budget, atOnce } = this.#settings.hedge;
    return atOnce > 0 && this.#settings.random() < budget * atOnce;
  }

  /** How long to wait for a model's first content, from when it was asked. `headStartMs`: its caller had waited so long. */
  hedgeDelayMs(index: number, headStartMs: number): number {
    const { budget, atOnce, quantile, initialDelayMs } = this.#settings.hedge;
    return hedgeDelayMs({
      quantile,
      headStartMs,
      initialDelayMs,
      budget: budget * (1 - atOnce),
      latency: this.#entries[index]!.latency,
      fill: account.fillOf(this.#account),
    });
  }

  /** A model for a second request beside the one that waits, or why there is none. `tried` has an entry per request. */
  hedgeCandidate(options: {
    order: number[];
    waiting: number;
    tried: number[];
    tokens: number;
  }): number | 'budget' | 'nobody fit' {
    const { order, waiting, tried, tokens } = options;
    if (this.#settings.hedge.budget <= 0) return 'budget';
    const standings = this.standings(tokens);
    const fit = order.filter((index) => standings[index]!.admission === 'open' && !standings[index]!.spent);
    const others = fit.filter((index) => !tried.includes(index));
    const [other] = preferOtherProvider(others, standings, this.#settings.models[waiting]!.provider);
    const sent = tried.filter((index) => index === waiting).length;
    const again = fit.includes(waiting) && this.#hedgesItself({ waiting, other, sent, standings });
    const candidate = again ? waiting : other;
    if (candidate === undefined) return 'nobody fit';
    return account.canHedge(this.#account, { promptTokens: tokens }) ? candidate : 'budget';
  }

  #hedgesItself(options: {
    waiting: number;
    other: number | undefined;
    sent: number;
    standings: Standing[];
  }): boolean {
    const { waiting, other, sent, standings } = options;
    if (other === undefined) return this.#entries.length === 1 && sent === 1;
    const { latency } = this.#entries[waiting]!;
    return (
      hedgeTarget({
        recent: standings[waiting]!.recent,
        slowMs: latency.count < MIN_SAMPLES ? undefined : latency.quantile(0.95),
        sent,
        otherRecent: standings[other]!.recent,
        otherUsualMs: this.#entries[other]!.latency.quantile(0.5),
      }) === 'same'
    );
  }

  /** A new request came in. */
  asked(tokens: number): void {
    this.requests += 1;
    this.#account = account.earn(this.#account, {
      budget: this.#settings.hedge.budget,
      promptTokens: tokens,
    });
  }

  sent(index: number, request: { tokens: number; extra: boolean }): void {
    const entry = this.#entries[index]!;
    entry.breaker = breaker.afterSend(entry.breaker, this.#settings.clock.nowMs());
    entry.limits = headroom.afterSend(entry.limits, request);
    if (!request.extra) return;
    this.extraRequests += 1;
    this.#account = account.spend(this.#account, { promptTokens: request.tokens });
  }

  /** First content came. */
  answered(index: number, ttftMs: number, place: Place = {}): void {
    const entry = this.#entries[index]!;
    entry.latency.add({ ms: ttftMs, censored: false }, place);
  }

  /** It answered, to the end or until nobody listened any more. */
  finished(index: number): void {
    this.#entries[index]!.breaker = breaker.afterSuccess();
  }

  /** It fell silent inside an answer. */
  stalled(index: number): void {
    this.#fail(this.#entries[index]!, 'failed');
  }

  /** Another answered first. `fair`: this one had started no later. */
  lost(index: number, race: { waitedMs: number; fair: boolean }, place: Place = {}): void {
    const entry = this.#entries[index]!;
    const nowMs = this.#settings.clock.nowMs();
    const usualMs = recentSpeedMs(entry.latency.recent(RECENT));
    const telling = race.fair || (usualMs !== undefined && race.waitedMs > usualMs);
    if (telling) entry.latency.add({ ms: race.waitedMs, censored: true }, place);
    else entry.latency.leave(race.waitedMs, place);
    const late = race.waitedMs >= this.#settings.firstContentDeadlineMs;
    if (late) this.#fail(entry, 'late');
    else entry.breaker = breaker.afterNothing(entry.breaker, nowMs);
  }

  failed(index: number, error: unknown): void {
    const entry = this.#entries[index]!;
    const code = error instanceof FirstwordError ? error.code : 'internal';
    const nowMs = this.#settings.clock.nowMs();
    if (code === 'rate_limited') {
      const retryAfterMs = error instanceof ProviderError ? error.retryAfterMs : undefined;
      entry.limits = headroom.afterRefusal(entry.limits, nowMs, retryAfterMs);
    }
    if (BLAMELESS.has(code)) entry.breaker = breaker.afterNothing(entry.breaker, nowMs);
    else this.#fail(entry, FINAL.has(code) ? 'final' : 'failed');
  }

  /** The caller went away before this one could show anything. */
  abandoned(index: number, waitedMs: number, place: Place = {}): void {
    const entry = this.#entries[index]!;
    entry.latency.abandon(waitedMs, place);
    entry.breaker = breaker.afterNothing(entry.breaker, this.#settings.clock.nowMs());
  }

  /** It said nothing: no verdict on the provider, for a model may have nothing to say. */
  silent(index: number): void {
    const entry = this.#entries[index]!;
    entry.breaker = breaker.afterNothing(entry.breaker, this.#settings.clock.nowMs());
  }

  heard(index: number, trace: RequestTrace): void {
    if (!trace.limits) return;
    const entry = this.#entries[index]!;
    entry.limits = headroom.afterHeaders(entry.limits, trace.limits, this.#settings.clock.nowMs());
  }

  snapshot() {
    const nowMs = this.#settings.clock.nowMs();
    return {
      requests: this.requests,
      extraRequests: this.extraRequests,
      models: this.#entries.map((entry, index) => ({
        provider: this.#settings.models[index]!.provider,
        model: this.#settings.models[index]!.model,
        samples: entry.latency.count,
        ttftP50Ms: entry.latency.quantile(0.5),
        ttftP95Ms: entry.latency.quantile(0.95),
        breaker: breaker.admission(entry.breaker, nowMs),
      })),
    };
  }

  #fail(entry: Entry, kind: breaker.Failure): void {
    const failure = { nowMs: this.#settings.clock.nowMs(), kind };
    entry.breaker = breaker.afterFailure(entry.breaker, failure, this.#settings.breaker);
  }
}
