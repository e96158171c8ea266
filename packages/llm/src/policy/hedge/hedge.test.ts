import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canHedge, earn, fillOf, openAccount, spend } from './budget.js';
import { hedgeDelayMs } from './delay.js';

const hundred = { count: 100, quantile: (q: number) => q * 1_000 };
const usual = { latency: hundred, budget: 0.1, fill: 0.5, initialDelayMs: 800 };

test('the delay is the quantile that leaves the budget’s share beyond it', () => {
  expect(hedgeDelayMs(usual)).toBeCloseTo(900);
});

test('a full account hedges sooner, an empty one later', () => {
  expect(hedgeDelayMs({ ...usual, fill: 1 })).toBeCloseTo(850);
  expect(hedgeDelayMs({ ...usual, fill: 0 })).toBeCloseTo(950);
});

test('a quantile that is set is kept to', () => {
  expect(hedgeDelayMs({ ...usual, quantile: 0.5 })).toBe(500);
});

test('while little is known the initial delay holds', () => {
  expect(hedgeDelayMs({ ...usual, latency: { ...hundred, count: 9 } })).toBe(800);
});

test('whatever the order of requests and hedges, what is hedged stays within the budget and the opening savings', () => {
  fc.assert(
    fc.property(
      fc.array(fc.boolean(), { maxLength: 500 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (wishes, budget) => {
        let account = openAccount();
        let hedges = 0;
        for (const wish of wishes) {
          account = earn(account, { budget, promptTokens: 100 });
          if (!wish || !canHedge(account, { promptTokens: 100 })) continue;
          account = spend(account, { promptTokens: 100 });
          hedges += 1;
        }
        expect(hedges).toBeLessThanOrEqual(budget * wishes.length + 10 + 1e-6);
        expect(fillOf(account)).toBeGreaterThanOrEqual(0);
        expect(fillOf(account)).toBeLessThanOrEqual(1);
      },
    ),
  );
});

test('a session of small prompts does not save up for a huge one', () => {
  let account = openAccount();
  for (let i = 0; i < 20; i += 1) account = earn(account, { budget: 0.1, promptTokens: 100 });
  account = spend(account, { promptTokens: 100_000 });
  expect(canHedge(account, { promptTokens: 100 })).toBe(false);
});

test('failovers may leave a debt, which is paid off before the next hedge', () => {
  let account = openAccount();
  for (let i = 0; i < 13; i += 1) account = spend(account, { promptTokens: 10 });
  expect(canHedge(account, { promptTokens: 10 })).toBe(false);
  for (let i = 0; i < 41; i += 1) account = earn(account, { budget: 0.1, promptTokens: 10 });
  expect(canHedge(account, { promptTokens: 10 })).toBe(true);
});
