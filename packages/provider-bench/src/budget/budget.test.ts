import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseTargets } from '../targets/parse-targets.js';
import { BudgetTracker, parseRunBudget } from './budget.js';
import { costUsd, pricesOf } from './prices.js';
import { TokenBound } from './token-bound.js';

describe('parseRunBudget', () => {
  it('reads any of the three limits', () => {
    expect(parseRunBudget('requests=500, tokens=200_000,usd=$0.5')).toEqual({
      requests: 500,
      tokens: 200_000,
      usd: 0.5,
    });
  });

  it.each(['requests=0', 'usd=0', 'tokens=0'])('rejects %s, which allows nothing', (text) => {
    expect(() => parseRunBudget(text)).toThrow(/allows nothing/);
  });

  it.each(['', 'euros=1', 'requests', 'requests=many'])('rejects "%s"', (text) => {
    expect(() => parseRunBudget(text)).toThrow(/--budget requests=/);
  });
});

describe('BudgetKeeper', () => {
  const most = { requests: 1, tokens: 100, usd: 0.01 };

  it('counts requests in flight in full, and releases what was not used', () => {
    const tracker = new BudgetTracker({ tokens: 250 });
    expect([tracker.reserve(most), tracker.reserve(most), tracker.reserve(most)]).toEqual([
      true,
      true,
      false,
    ]);
    tracker.settle(most, { requests: 1, tokens: 40, usd: 0.001 });
    expect(tracker.reserve(most)).toBe(true);
    expect(tracker.used).toEqual({ requests: 1, tokens: 40, usd: 0.001 });
  });

  it('tolerates rounding errors in dollar sums, and continues from earlier use', () => {
    const tracker = new BudgetTracker({ usd: 0.3 }, { requests: 20, tokens: 2000, usd: 0.1 });
    for (let i = 0; i < 20; i += 1) {
      expect(tracker.reserve(most)).toBe(true);
      tracker.settle(most, most);
    }
    expect(tracker.reserve(most)).toBe(false);
  });
});

it('bounds tokens by bytes until a provider has reported a count', () => {
  const bound = new TokenBound();
  expect(bound.upperBound('a en', 4000)).toBe(4000);
  bound.observe('a en', 4000, 1000);
  expect(bound.upperBound('a en', 4000)).toBe(1164);
  expect(bound.upperBound('a hi', 4000)).toBe(4000);
});

describe('prices', () => {
  it('bills cached tokens at their own price', () => {
    const price = { inputPerMillionUsd: 2, cachedPerMillionUsd: 0.5, outputPerMillionUsd: 8 };
    const usage = { promptTokens: 1_000_000, cachedTokens: 400_000, completionTokens: 100_000 };
    expect(costUsd(price, usage)).toBeCloseTo(1.2 + 0.2 + 0.8, 10);
  });

  it('has dated list prices, zero for emulated and self-hosted targets, and none for unknown models', async () => {
    const targets = parseTargets([
      'openai:gpt-4.1-mini',
      'emulated:instant',
      'vllm:m@http://h/v1',
      'groq:new',
    ]);
    const { date, byTarget } = await pricesOf(targets);
    expect(date).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(byTarget['openai:gpt-4.1-mini']!.outputPerMillionUsd).toBe(1.6);
    expect(byTarget['vllm:m@http://h/v1']!.inputPerMillionUsd).toBe(0);
    expect(byTarget['groq:new']).toBeUndefined();
  });

  it('prefers the user’s own file, and reports what is wrong with it', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'firstword-prices-'));
    const file = join(dir, 'prices.json');
    try {
      const prices = { 'groq:new': { inputPerMillionUsd: 1, outputPerMillionUsd: 2 } };
      await writeFile(file, JSON.stringify({ date: '2026-11-01', prices }));
      const read = await pricesOf(parseTargets(['groq:new']), file);
      expect(read).toEqual({ date: '2026-11-01', file, byTarget: prices });
      await writeFile(file, JSON.stringify({ date: 'today', prices }));
      await expect(pricesOf([], file)).rejects.toThrow(/date: write the day/);
      await writeFile(file, 'no json');
      await expect(pricesOf([], file)).rejects.toThrow(/cannot be read as JSON/);
    } finally {
      await rm(dir, { recursive: true });
    }
  });
});
