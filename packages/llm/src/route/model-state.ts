import type { Clock } from '@firstword/turn';
import type { HealthNews, MemoryFollower, RouterMemory } from '../memory/router-memory.js';
import type { LanguageModel } from '../model.js';
import * as breaker from '../policy/breaker/breaker.js';
import { LatencyWindow } from '../policy/latency/window.js';
import * as peers from '../policy/peers/peer-news.js';
import * as headroom from '../policy/ratelimit/headroom.js';

/** Names a model in traces. Replicas with other keys or addresses have the same name. */
export const qualifiedName = ({ provider, model }: LanguageModel) => `${provider}/${model}`;

/** The name under which its times and failures are shared: another address has its own. */
const endpointName = (model: LanguageModel) =>
  model.address === undefined ? qualifiedName(model) : `${qualifiedName(model)}@${model.address}`;

/** The name under which its rate limits are shared: another account has its own. */
const accountName = (model: LanguageModel) =>
  model.account === undefined ? endpointName(model) : `${endpointName(model)}#${model.account}`;

/** What a router knows of one model: from its own requests, and from other routers through their memory. */
export class ModelState implements MemoryFollower {
  readonly latency: LatencyWindow;
  breaker: breaker.Breaker = breaker.CLOSED;
  limits: headroom.LimitState = headroom.NO_LIMITS;
  peer: peers.PeerState = peers.NO_NEWS;
  readonly #model: LanguageModel;
  readonly #memory: RouterMemory | undefined;
  readonly #clock: Clock;
  readonly #unfollow: (() => void)[];

  constructor(model: LanguageModel, options: { memory: RouterMemory | undefined; clock: Clock }) {
    const { memory, clock } = options;
    const name = endpointName(model);
    this.#model = model;
    this.#memory = memory;
    this.#clock = clock;
    this.latency = new LatencyWindow({
      history: memory?.load(name),
      onObserved: (seen) => memory?.append(name, seen, this),
    });
    const names = new Set([name, accountName(model)]);
    this.#unfollow = [...names].flatMap((each) => memory?.follow?.(each, this) ?? []);
  }

  onTimes(seen: Parameters<MemoryFollower['onTimes']>[0]): void {
    this.latency.addFromOthers(seen);
  }

  onHealth(news: HealthNews, ageMs: number): void {
    const age = { nowMs: this.#clock.nowMs(), ageMs };
    if (!peers.believes(this.peer, age)) return;
    if (news.type === 'limits') this.peer = peers.afterLimits(this.peer, news, age);
    else if (this.breaker.state === 'closed' && ageMs < news.forMs) {
      this.peer = peers.afterOpening(this.peer, age.nowMs);
      this.breaker = breaker.afterNews(this.breaker, age.nowMs);
    }
  }

  /** Whether the provider would probably refuse a request of this size now. */
  isRateLimited(tokens: number): boolean {
    const request = { nowMs: this.#clock.nowMs(), tokens };
    return headroom.isRateLimited(this.limits, request) || peers.isLimitedByNews(this.peer, request);
  }

  /** Requests and tokens left, as the provider last reported. */
  get headroom(): { requests?: number; tokens?: number } {
    const { requests, tokens } = this.limits;
    return {
      ...(requests ? { requests: requests.remaining } : {}),
      ...(tokens ? { tokens: tokens.remaining } : {}),
    };
  }

  /** Tells other routers that its breaker has opened. */
  reportOpened(forMs: number): void {
    this.#memory?.report?.(endpointName(this.#model), { type: 'opened', forMs }, this);
  }

  /** Tells other routers that its limits are exhausted, or nearly. */
  reportLimits(news: Omit<Extract<HealthNews, { type: 'limits' }>, 'type'>): void {
    this.#memory?.report?.(accountName(this.#model), { type: 'limits', ...news }, this);
  }

  /** Hears nothing more. */
  close(): void {
    for (const unfollow of this.#unfollow) unfollow();
  }
}
