import type { Clock } from '@firstword/turn';
import type { Random } from '@firstword/turn/statistics';
import { type CacheUse, PrefixCache } from '../cache/prefix-cache.js';
import { cacheGain, cacheRuleOf } from '../cache/rules.js';
import type { ChatRequest } from '../chat/chat.js';
import { estimateTokens } from '../chat/tokens.js';
import type { Fault, FaultPlan } from '../faults/fault.js';
import { FaultSchedule } from '../faults/schedule.js';
import { Limiter, type Verdict } from '../limits/limiter.js';
import { planOf } from '../limits/plan.js';
import type { EmulatorOptions } from '../options.js';
import type { Profile } from '../profiles/profiles.js';
import { TtftDraws } from '../profiles/ttft-draws.js';
import { thoughts } from '../receptionist/thoughts.js';

/** What the providers remember between requests decided about one of them. */
export interface Decision {
  promptTokens: number;
  verdict: Verdict;
  cache: CacheUse;
  /** From the request's turn (after any queue) to its first content, ms. */
  ttftMs: number;
  /** How much of it the model thinks aloud, beyond its default. */
  thinkingMs: number;
}

/** Everything that outlives a request: TTFT sequences, limits, prompt caches and the schedule of faults. */
export class ProviderState {
  readonly #clock: Clock;
  readonly #options: EmulatorOptions;
  readonly #seed: number;
  readonly #limiter: Limiter;
  readonly #cache = new PrefixCache();
  readonly #ttfts: TtftDraws;
  #faults: FaultSchedule;

  constructor(options: EmulatorOptions, clock: Clock) {
    this.#clock = clock;
    this.#options = options;
    this.#seed = options.seed ?? 1;
    this.#ttfts = new TtftDraws({ seed: this.#seed, order: options.ttftOrder ?? 'by request' });
    this.#limiter = new Limiter((options.limits ?? []).map(planOf));
    this.#faults = new FaultSchedule(options.faults ?? { rules: [] }, this.#seed);
  }

  /** Starts a new schedule: its counts begin at one. */
  setFaults(plan: FaultPlan): void {
    this.#faults = new FaultSchedule(plan, this.#seed);
  }

  /** The fault that strikes the next request of a profile. Counts it. */
  nextFault(profile: Profile): Fault | undefined {
    return this.#faults.next(profile.name);
  }

  get faultRandom(): Random {
    return this.#faults.random;
  }

  decide(request: { chat: ChatRequest; profile: Profile; key: string; tokensPerSecond: number }): Decision {
    const { chat, profile, key } = request;
    const nowMs = this.#clock.nowMs();
    const promptTokens = estimateTokens(chat.prompt);
    const cache = this.#lookUp(chat, profile, key, nowMs);
    const tokens = billedTokens(chat, profile, promptTokens, cache);
    const verdict = this.#limiter.ask({ key, profile, tokens, nowMs });
    const drawnMs = this.#ttfts.next(profile, chat);
    const thinkingMs = longerThoughtMs(chat.reasoningEffort, profile, request.tokensPerSecond);
    const ttftMs = drawnMs * (1 - cacheGain(cache.cachedTokens, promptTokens)) + thinkingMs;
    return { promptTokens, verdict, cache, ttftMs, thinkingMs };
  }

  #lookUp(chat: ChatRequest, profile: Profile, key: string, nowMs: number): CacheUse {
    if (this.#options.promptCache === false) return { cachedTokens: 0, writtenTokens: 0 };
    return this.#cache.use({
      scope: [profile.name, key, chat.cacheKey ?? ''].join('\n'),
      prompt: chat.cacheable,
      rule: cacheRuleOf(profile.provider),
      nowMs,
    });
  }
}

/** The answer's length is not known yet; providers estimate it, the emulator takes this where no limit was asked for. */
const ASSUMED_ANSWER_TOKENS = 50;

/** What a token limit counts: Groq leaves cached tokens out, Cerebras reserves what was asked for. [cited: facts C] */
function billedTokens(chat: ChatRequest, profile: Profile, promptTokens: number, cache: CacheUse): number {
  if (profile.provider === 'groq') return promptTokens - cache.cachedTokens + ASSUMED_ANSWER_TOKENS;
  if (profile.provider === 'cerebras') return promptTokens + (chat.maxTokens ?? ASSUMED_ANSWER_TOKENS);
  return promptTokens + ASSUMED_ANSWER_TOKENS;
}

/**
 * The published figures stand for the provider's default. Thinking that was asked for by name takes the pace of its
 * tokens on top: an assumption, since nobody published TTFT by effort.
 */
function longerThoughtMs(effort: string | undefined, profile: Profile, tokensPerSecond: number): number {
  if (effort === undefined || profile.reasons === 'never') return 0;
  const extraTokens = estimateTokens(thoughts(effort)) - estimateTokens(thoughts('low'));
  return Math.max(0, (extraTokens * 1000) / tokensPerSecond);
}
