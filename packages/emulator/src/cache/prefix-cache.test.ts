import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PrefixCache } from './prefix-cache.js';
import { cacheGain, cacheRuleOf } from './rules.js';

const rule = cacheRuleOf('openai');
const words = (count: number, from = 0) => Array.from({ length: count }, (_, i) => ` w${from + i}`).join('');

describe('the cache', () => {
  it('reuses the prefix that the first request stored, in whole blocks', () => {
    const cache = new PrefixCache();
    const use = (prompt: string) => cache.use({ scope: 'k', prompt, rule, nowMs: 0 });
    expect(use(words(2000))).toEqual({ cachedTokens: 0, writtenTokens: 1920 });
    expect(use(words(2000) + words(300, 9000))).toEqual({ cachedTokens: 1920, writtenTokens: 256 });
  });

  it('finds only the part before a change', () => {
    const cache = new PrefixCache();
    const use = (prompt: string) => cache.use({ scope: 'k', prompt, rule, nowMs: 0 }).cachedTokens;
    use(words(3000));
    expect(use(words(1500) + words(1500, 7000))).toBe(1408);
    expect(use(` changed${words(3000)}`)).toBe(0);
  });

  it.each([
    ['openai', 1023],
    ['anthropic', 4000],
    ['google', 2000],
  ] as const)('%s caches nothing under its minimum', (provider, tokens) => {
    const cache = new PrefixCache();
    const options = { scope: 'k', prompt: words(tokens), rule: cacheRuleOf(provider), nowMs: 0 };
    cache.use(options);
    expect(cache.use(options)).toEqual({ cachedTokens: 0, writtenTokens: 0 });
  });

  it('separates scopes and expires entries after their lifetime', () => {
    const cache = new PrefixCache();
    const use = (scope: string, nowMs: number) =>
      cache.use({ scope, prompt: words(2000), rule, nowMs }).cachedTokens;
    use('a', 0);
    expect(use('b', 1)).toBe(0);
    expect(use('a', rule.ttlMs - 1)).toBe(1920);
    expect(use('a', 3 * rule.ttlMs)).toBe(0);
  });
});

describe('the gain', () => {
  it('equals the published value at both published points', () => {
    expect(cacheGain(1_000, 1_000)).toBeCloseTo(0.07, 9);
    expect(cacheGain(150_000, 150_000)).toBeCloseTo(0.67, 9);
  });

  it('grows with the cached part and stays between zero and the published maximum', () => {
    fc.assert(
      fc.property(fc.nat(300_000), fc.nat(300_000), fc.nat(300_000), (a, b, more) => {
        const prompt = Math.max(a, b) + more + 1;
        const [less, much] = [Math.min(a, b), Math.max(a, b)].map((cached) => cacheGain(cached, prompt));
        expect(less).toBeGreaterThanOrEqual(0);
        expect(much).toBeGreaterThanOrEqual(less!);
        expect(much).toBeLessThanOrEqual(0.67);
      }),
    );
  });
});
