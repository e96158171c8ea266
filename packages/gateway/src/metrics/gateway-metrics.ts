import type { RequestTrace } from '@firstword/llm';
import { BoundedLabel, UNKNOWN } from '@firstword/records/prometheus';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { AnsweredRequest } from '../answer/answered.js';
import type { Route } from '../route.js';
import type { GatewayStore } from '../store/open-store.js';
import { defineMetrics, defineStore, type MetricSet, type StoreMetrics } from './definitions.js';

/** More than a config has of each. */
const MAX_ROUTES = 200;
const MAX_MODELS = 200;
/** More than there are error codes, and decisions of a router. */
const MAX_CODES = 40;

/** What the gateway is doing now. */
export interface GatewayNow {
  /** The routes that are served. */
  routes: readonly Route[];
  /** Answers under way. */
  active: number;
}

const BREAKER = { allow: 0, probe: 1, block: 2 } as const;

/**
 * What a gateway does, as Prometheus metrics. Labels name routes, providers and models of the config, a bounded number of each,
 * never a prompt, a key or a client.
 */
export class GatewayMetrics {
  readonly registry = new Registry();
  readonly #metrics: MetricSet = defineMetrics(this.registry);
  readonly #routes = new BoundedLabel(MAX_ROUTES);
  readonly #providers = new BoundedLabel();
  readonly #models = new BoundedLabel(MAX_MODELS);
  readonly #codes = new BoundedLabel(MAX_CODES);
  readonly #decisions = new BoundedLabel(MAX_CODES);
  /** Answers that several clients shared have one trace, which counts once. */
  readonly #counted = new WeakSet<RequestTrace>();

  readonly #readStore: () => void;

  /** @param options.store the shared store, if it can tell how it is */
  constructor(options: { store?: Pick<GatewayStore, 'stats'> | undefined } = {}) {
    collectDefaultMetrics({ register: this.registry });
    const stats = options.store?.stats;
    this.#readStore = stats ? readerOf(stats, defineStore(this.registry)) : () => {};
  }

  /** Counts a request that has ended. */
  observe(answered: AnsweredRequest): void {
    const { dialect, outcome, error, receivedMs, endedMs, trace } = answered;
    const route = this.#routes.of(answered.route);
    const code = outcome === 'failed' ? this.#codes.of(error) : 'none';
    this.#metrics.requests.inc({ route, dialect, outcome, code });
    if (outcome === 'finished') this.#metrics.duration.observe({ route }, (endedMs - receivedMs) / 1_000);
    if (!trace) return;
    this.#observeTimes(route, answered, trace);
    if (this.#counted.has(trace)) return;
    this.#counted.add(trace);
    this.#observeRouting(route, trace);
    this.#observeUsage(route, trace);
  }

  /** All metrics, in Prometheus's text format. */
  async text(now: GatewayNow): Promise<string> {
    this.#read(now);
    return this.registry.metrics();
  }

  #observeTimes(route: string, answered: AnsweredRequest, trace: RequestTrace): void {
    const { receivedMs, answeredMs, stream } = answered;
    const { firstContent, llmRequested } = trace.marks;
    if (firstContent === undefined) return;
    // A shared answer may have begun before this request came.
    const ttftMs = Math.max(0, firstContent - receivedMs);
    this.#metrics.ttft.observe({ route, ...this.#modelOf(trace) }, ttftMs / 1_000);
    if (!stream || answeredMs === undefined || llmRequested === undefined) return;
    const beforeMs = Math.max(0, llmRequested - receivedMs);
    const afterMs = Math.max(0, answeredMs - Math.max(firstContent, receivedMs));
    this.#metrics.added.observe({ route }, (beforeMs + afterMs) / 1_000);
  }

  #observeRouting(route: string, trace: RequestTrace): void {
    for (const attempt of trace.attempts ?? []) {
      const { reason, outcome, error } = attempt;
      const model = this.#modelOf(attempt);
      this.#metrics.attempts.inc({ route, ...model, reason, outcome });
      if (outcome === 'failed') this.#metrics.attemptFailures.inc({ ...model, code: this.#codes.of(error) });
    }
    for (const { decision } of trace.decisions ?? [])
      this.#metrics.decisions.inc({ route, decision: this.#decisions.of(decision) });
  }

  #observeUsage(route: string, trace: RequestTrace): void {
    const labels = { route, ...this.#modelOf(trace) };
    const { promptTokens, completionTokens, cachedTokens, reasoningTokens, costUsd } = trace.usage ?? {};
    const tokens = {
      prompt: promptTokens,
      completion: completionTokens,
      cached: cachedTokens,
      reasoning: reasoningTokens,
      wasted: trace.wasted?.promptTokens,
    };
    for (const [type, count = 0] of Object.entries(tokens))
      if (count > 0) this.#metrics.tokens.inc({ ...labels, type }, count);
    if (costUsd !== undefined && costUsd > 0) this.#metrics.cost.inc(labels, costUsd);
  }

  #read({ routes, active }: GatewayNow): void {
    const { breaker, rateLimited, headroom, learned } = this.#metrics;
    this.#metrics.active.set(active);
    // Routes that a reload has removed are not shown for ever.
    for (const gauge of [breaker, rateLimited, headroom, learned]) gauge.reset();
    for (const { name, router } of routes) {
      const route = this.#routes.of(name);
      for (const model of router.stats().models) {
        const labels = { route, ...this.#modelOf(model) };
        breaker.set(labels, BREAKER[model.breaker]);
        rateLimited.set(labels, model.rateLimited ? 1 : 0);
        learned.set(labels, model.samples);
        for (const [unit, left] of Object.entries(model.headroom)) headroom.set({ ...labels, unit }, left);
      }
    }
    this.#readStore();
  }

  #modelOf({ provider, model }: { provider: string; model: string }): { provider: string; model: string } {
    return { provider: this.#providers.of(provider || UNKNOWN), model: this.#models.of(model || UNKNOWN) };
  }
}

const readerOf = (stats: NonNullable<GatewayStore['stats']>, metrics: StoreMetrics) => () => {
  const { isConnected, ...counts } = stats();
  metrics.storeConnected.set(isConnected ? 1 : 0);
  for (const [state, count] of Object.entries(counts)) metrics.storeRecords.set({ state }, count);
};
