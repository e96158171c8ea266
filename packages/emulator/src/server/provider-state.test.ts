import { ManualClock } from '@firstword/turn';
import { describe, expect, it } from 'vitest';
import type { EmulatedRequest } from '../chat/chat.js';
import type { EmulatorOptions } from '../options.js';
import { findProfile } from '../profiles/registry.js';
import { ProviderState } from './provider-state.js';

const PROMPT = Array.from({ length: 2000 }, (_, i) => `w${i}`).join(' ');

function request(more: Partial<EmulatedRequest> = {}): EmulatedRequest {
  return {
    model: 'm',
    messages: [],
    tools: [],
    toolChoice: 'auto',
    parallelTools: true,
    stream: true,
    includeUsage: false,
    maxTokens: undefined,
    reasoningEffort: undefined,
    cacheKey: undefined,
    prompt: PROMPT,
    cacheable: PROMPT,
    ...more,
  };
}

/** Makes several decisions in sequence at the same time. */
function decisions(
  profileName: string,
  asks: { more?: Partial<EmulatedRequest>; key?: string }[],
  options: EmulatorOptions = {},
) {
  const state = new ProviderState(options, new ManualClock());
  const profile = findProfile(profileName)!;
  return asks.map(({ more, key }) =>
    state.decide({ chat: request(more), profile, key: key ?? 'k', tokensPerSecond: 100 }),
  );
}

describe('caches', () => {
  it('are separate for each key and each prompt_cache_key', () => {
    const asks = [
      {},
      { key: 'other' },
      { more: { cacheKey: 'call-1' } },
      {},
      { more: { cacheKey: 'call-1' } },
    ];
    const cached = decisions('gpt-4o-mini', asks).map(({ cache }) => cache.cachedTokens > 0);
    expect(cached).toEqual([false, false, false, true, true]);
  });
});

describe('token limits', () => {
  const limits = [{ tokensPerMinute: 10_000, onExceeded: 'reject' } as const];
  const spent = (profile: string, more: Partial<EmulatedRequest> = {}) => {
    const remaining = decisions(profile, [{ more }, { more }], { limits }).map(
      (d) => d.limit.headroom[0]!.remaining,
    );
    return [10_000 - remaining[0]!, remaining[0]! - remaining[1]!];
  };

  it('count the whole prompt at OpenAI, cached or not', () => {
    expect(spent('gpt-4o-mini')).toEqual([2050, 2050]);
  });

  it('exclude cached tokens at Groq', () => {
    expect(spent('groq-gpt-oss-120b')).toEqual([2050, 130]);
  });

  it('reserve the requested output at Cerebras', () => {
    expect(spent('cerebras-kimi-k2.6', { maxTokens: 1000 })).toEqual([3000, 3000]);
  });
});

describe('requested reasoning', () => {
  const ttftMs = (profile: string, reasoningEffort: string | undefined) =>
    decisions(profile, [{ more: { reasoningEffort } }])[0]!.ttftMs;

  it('takes time on a reasoning model, and more time at a higher effort', () => {
    const published = ttftMs('groq-gpt-oss-120b', undefined);
    expect(ttftMs('groq-gpt-oss-120b', 'low')).toBe(published);
    expect(ttftMs('groq-gpt-oss-120b', 'medium')).toBeGreaterThan(published);
    expect(ttftMs('groq-gpt-oss-120b', 'high')).toBeGreaterThan(ttftMs('groq-gpt-oss-120b', 'medium'));
  });

  it('takes no time on a model without reasoning', () => {
    expect(ttftMs('gpt-4o-mini', 'high')).toBe(ttftMs('gpt-4o-mini', undefined));
  });
});

describe('TTFTs per question', () => {
  const asked = (text: string) => ({
    more: { messages: [{ role: 'user' as const, text, toolCalls: [] }] },
  });
  const ttfts = (...questions: string[]) =>
    decisions('gpt-4o-mini', questions.map(asked), { ttftSequence: 'per-question', promptCache: false }).map(
      ({ ttftMs }) => ttftMs,
    );

  it('are the same for the same words, whatever came before and whatever their case and punctuation', () => {
    const [hours] = ttfts('What time are you open?');
    const [, , late] = ttfts('Hello.', 'A table for two.', 'what time, are you open');
    expect(late).toBe(hours);
  });

  it('are drawn again when the same question is repeated', () => {
    const [first, second] = ttfts('Hello.', 'Hello.');
    expect(second).not.toBe(first);
  });

  it('differ with the question', () => {
    const [first, second] = ttfts('Hello.', 'Goodbye.');
    expect(second).not.toBe(first);
  });
});
