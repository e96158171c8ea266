import type { Clock } from '@firstword/turn';
import type { Random } from '@firstword/turn/statistics';
import { type CacheUse, PrefixCache } from '../cache/prefix-cache.js';
import { cacheGain, cacheRuleOf } from '../cache/rules.js';
import type { EmulatedRequest } from '../chat/chat.js';
import { estimateTokens } from '../chat/tokens.js';
import type { Fault, FaultPlan } from '../faults/fault.js';
import { FaultSchedule } from '../faults/schedule.js';
import { type LimitDecision, Limiter } from '../limits/limiter.js';
import { resolveLimit } from '../limits/plan.js';
import type { EmulatorOptions } from '../options.js';
import type { Profile } from '../profiles/profiles.js';
import { TtftSampler } from '../profiles/ttft-sampler.js';
import { reasoningText } from '../receptionist/reasoning.js';

/** The outcome of rate limits, caching and the TTFT draw for one request. */
export interface RequestDecision {
  /** Prompt length, tokens. */
  promptTokens: number;
  limit: LimitDecision;
  cache: CacheUse;
  /** Time from the request's start (after any queueing) to its first content, ms. */
  ttftMs: number;
  /** The part of `ttftMs` spent on reasoning beyond the profile's default, ms. */
  reasoningMs: number;
}

/** The state that outlives a request: TTFT sequences, rate limits, prompt caches and the fault schedule. */
export class ProviderState {
  readonly #clock: Clock;
  readonly #options: EmulatorOptions;
  readonly #seed: number;
  readonly #limiter: Limiter;
  readonly #cache = new PrefixCache();
  readonly #ttftSampler: TtftSampler;
  #faults: FaultSchedule;

  constructor(options: EmulatorOptions, clock: Clock) {
    this.#clock = clock;
    this.#options = options;
    this.#seed = options.seed ?? 1;
    this.#ttftSampler = new TtftSampler({
      seed: this.#seed,
      sequence: options.ttftSequence ?? 'per-request',
    });
    this.#limiter = new Limiter((options.limits ?? []).map(resolveLimit));
    this.#faults = new FaultSchedule(options.faults ?? { rules: [] }, this.#seed);
  }

  /** Starts a new fault schedule, whose request counts start at 1. */
  setFaults(plan: FaultPlan): void {
    this.#faults = new FaultSchedule(plan, this.#seed);
  }

  /** Counts a request of a profile and returns the fault that applies to it, if any. */
  nextFault(profile: Profile): Fault | undefined {
    return this.#faults.next(profile.name);
  }

  /** The generator of random fault bytes. */
  get faultRandom(): Random {
    return this.#faults.random;
  }

  /** Applies the cache and the rate limits to one request and draws its TTFT. */
  decide(request: {
    chat: EmulatedRequest;
    profile: Profile;
    key: string;
    tokensPerSecond: number;
  }): RequestDecision {
    const { chat, profile, key } = request;
    const nowMs = this.#clock.nowMs();
    const promptTokens = estimateTokens(chat.prompt);
    const cache = this.#useCache(chat, profile, key, nowMs);
    const tokens = billedTokens(chat, profile, promptTokens, cache);
    const limit = this.#limiter.admit({ key, profile, tokens, nowMs });
    const drawnMs = this.#ttftSampler.next(profile, chat);
    const reasoningMs = extraReasoningMs(chat.reasoningEffort, profile, request.tokensPerSecond);
    const ttftMs = drawnMs * (1 - cacheGain(cache.cachedTokens, promptTokens)) + reasoningMs;
    return { promptTokens, limit, cache, ttftMs, reasoningMs };
  }

  #useCache(chat: EmulatedRequest, profile: Profile, key: string, nowMs: number): CacheUse {
    if (this.#options.promptCache === false) return { cachedTokens: 0, writtenTokens: 0 };
    return this.#cache.use({
      scope: [profile.name, key, chat.cacheKey ?? ''].join('\n'),
      prompt: chat.cacheable,
      rule: cacheRuleOf(profile.provider),
      nowMs,
    });
  }
}

/** Output tokens charged before the reply exists, where the request sets no limit. Providers estimate them too. */
const ASSUMED_ANSWER_TOKENS = 50;

/** The tokens charged to a token limit: Groq excludes cached tokens, Cerebras reserves the requested output [cited]. */
function billedTokens(
  chat: EmulatedRequest,
  profile: Profile,
  promptTokens: number,
  cache: CacheUse,
): number {
  if (profile.provider === 'groq') return promptTokens - cache.cachedTokens + ASSUMED_ANSWER_TOKENS;
  if (profile.provider === 'cerebras') return promptTokens + (chat.maxTokens ?? ASSUMED_ANSWER_TOKENS);
  return promptTokens + ASSUMED_ANSWER_TOKENS;
}

/**
 * The published TTFTs were measured at the provider's default effort. A higher effort set by the request adds the time
 * of its extra reasoning tokens. This is an assumption: no TTFT by effort was published.
 */
function extraReasoningMs(effort: string | undefined, profile: Profile, tokensPerSecond: number): number {
  if (effort === undefined || profile.reasoning === 'never') return 0;
  const extraTokens = estimateTokens(reasoningText(effort)) - estimateTokens(reasoningText('low'));
  return Math.max(0, (extraTokens * 1000) / tokensPerSecond);
}
