import type { ChatRequest } from '../chat.js';
import type { PrefixBreak, PrefixCost, RequestTrace } from '../trace.js';
import { countCharacters, lintParts, type PromptParts, promptParts } from './lint-prefix.js';
import { type PrefillSample, prefillMsPerToken } from './prefill-rate.js';

/** Number of conversations to keep: a model behind a gateway serves many at once. */
const MAX_CONVERSATIONS = 16;
/** Number of requests used to estimate the prefill rate. */
const MAX_SAMPLES = 50;

interface Sent {
  parts: PromptParts;
  cacheKey: unknown;
}

/** Without the last user messages: the caller may still have been speaking, so they are not expected in the cache. */
function withoutLastUserMessages({ tools, messages }: PromptParts): PromptParts {
  const last = messages.findLastIndex(({ role }) => role !== 'user');
  return { tools, messages: messages.slice(0, last + 1) };
}

/** Number of messages that two prompts share, apart from the instructions: 0 for two callers who share only those. */
function sharedMessages(a: PromptParts, b: PromptParts): number {
  const said = new Set(a.messages.filter(({ role }) => role !== 'system').map(({ text }) => text));
  return b.messages.filter(({ text }) => said.has(text)).length;
}

/**
 * Tracks the prompts sent to one model. Reports what broke the prefix that the previous prompt left in the provider's
 * cache, and what that cost, based on the usage and times that this provider reported.
 */
export class PrefixTracker {
  #sent: Sent[] = [];
  #samples: PrefillSample[] = [];
  /** Largest number of cached tokens seen with an unbroken prefix; `undefined` before the provider reported any. */
  #maxCachedTokens: number | undefined;
  /**
   * From the provider's latest count. Needed because a request that was cancelled early, such as a speculation,
   * reports no usage.
   */
  #tokensPerCharacter: number | undefined;

  /** Records a request that the provider has processed, and adds to its trace what it broke, if anything. */
  recordRead(request: ChatRequest, trace: RequestTrace): void {
    const parts = promptParts(request);
    const cacheKey = request.extra?.prompt_cache_key ?? request.sessionId;
    const before = this.#before(parts, cacheKey);
    const broken = before && lintParts(withoutLastUserMessages(before.parts), parts);
    this.#addSample(trace, { characters: countCharacters(parts), follows: before !== undefined && !broken });
    if (before && broken) trace.prefixBreak = { ...broken, ...this.#cost(before, broken, trace) };
    const others = this.#sent.filter((sent) => sent !== before);
    this.#sent = [...others, { parts, cacheKey }].slice(-MAX_CONVERSATIONS);
  }

  /** The previous prompt of this conversation. */
  #before(parts: PromptParts, cacheKey: unknown): Sent | undefined {
    let best: { sent: Sent; shared: number } | undefined;
    for (const sent of this.#sent) {
      if (sent.cacheKey !== cacheKey) continue;
      const shared = sharedMessages(sent.parts, parts);
      if (shared > 0 && shared >= (best?.shared ?? 0)) best = { sent, shared };
    }
    return best?.sent;
  }

  #addSample(trace: RequestTrace, prompt: { characters: number; follows: boolean }): void {
    const { usage, marks, connection, providerTime } = trace;
    const { promptTokens, cachedTokens } = usage ?? {};
    if (promptTokens === undefined) return;
    this.#tokensPerCharacter = promptTokens / prompt.characters;
    if (cachedTokens === undefined) return;
    if (prompt.follows) this.#maxCachedTokens = Math.max(this.#maxCachedTokens ?? 0, cachedTokens);
    const { requestSent, firstDelta } = marks;
    const isTimed = requestSent !== undefined && firstDelta !== undefined && connection?.state === 'reused';
    this.#samples.push({
      freshTokens: Math.max(0, promptTokens - cachedTokens),
      prefillMs: providerTime?.prefillMs,
      firstDeltaMs: isTimed ? firstDelta - requestSent : undefined,
    });
    if (this.#samples.length > MAX_SAMPLES) this.#samples.shift();
  }

  #cost(before: Sent, { lostCharacters }: PrefixBreak, { usage }: RequestTrace): PrefixCost {
    if (this.#tokensPerCharacter === undefined) return {};
    // A prompt below the provider's minimum was never cached.
    const wasCached = this.#maxCachedTokens !== 0;
    const missing = countCharacters(before.parts) * this.#tokensPerCharacter - (usage?.cachedTokens ?? 0);
    const lostTokens = wasCached
      ? Math.max(0, Math.round(Math.min(lostCharacters * this.#tokensPerCharacter, missing)))
      : 0;
    const msPerToken = prefillMsPerToken(this.#samples);
    if (lostTokens > 0 && msPerToken === undefined) return { lostTokens };
    return { lostTokens, costMs: lostTokens * (msPerToken ?? 0) };
  }
}
