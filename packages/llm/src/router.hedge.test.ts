import { ManualClock } from '@firstword/turn';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ChatStream } from './model.js';
import { type Router, router } from './router.js';
import { readAll } from './testing/read.js';
import { answer, run, type ScriptStep, scriptedModel } from './testing/scripted-model.js';
import { outcomesOf } from './testing/scripted-router.js';

/** A router that has learned, under `fastest`, that `fast` takes 100 ms and `slow` 1,000. */
let clock: ManualClock;
let route: Router;
let fastScript: ScriptStep[];

const ask = async (content: string): Promise<ChatStream> => {
  const chat = route.chat({ messages: [{ role: 'user', content }] });
  const reading = readAll(chat);
  await run(clock, 1_500);
  await reading;
  return chat;
};

/** When each request was sent, ms after the router was called. */
const sentMs = (chat: ChatStream) =>
  chat.trace.attempts!.map(({ startedMs }) => startedMs - chat.trace.marks.llmRequested!);

/** Request number `request` gets no answer; if `toEnd`, neither do all later ones. */
const silentFrom = (request: number, toEnd: boolean) => (n: number) =>
  n === request || (toEnd && n > request) ? [] : fastScript;

async function learned(script: (n: number) => ScriptStep[]): Promise<void> {
  clock = new ManualClock();
  const models = [
    scriptedModel({ name: 'fast', clock, script }),
    scriptedModel({ name: 'slow', clock, script: () => answer(1_000) }),
  ];
  route = router({ models, clock, random: () => 0.99, order: 'fastest' });
  for (let turn = 0; turn < 20; turn += 1) await ask(`Question ${turn}`);
}

beforeEach(() => {
  fastScript = answer(100);
});

test('one slow answer of a fast model is hedged with the same model', async () => {
  await learned(silentFrom(21, false));
  const chat = await ask('And today?');
  expect(outcomesOf(chat)).toEqual([
    ['fast', 'primary', 'cancelled'],
    ['fast', 'hedge', 'won'],
  ]);
  expect(chat.trace.marks.firstContent! - chat.trace.marks.llmRequested!).toBeLessThan(300);
});

test('a fast model that stops answering is hedged with the other one long before the deadline', async () => {
  await learned(silentFrom(21, true));
  const chat = await ask('And today?');
  expect(outcomesOf(chat)).toEqual([
    ['fast', 'primary', 'cancelled'],
    ['fast', 'hedge', 'cancelled'],
    ['slow', 'hedge', 'won'],
  ]);
  expect(chat.trace.marks.firstContent! - chat.trace.marks.llmRequested!).toBeLessThan(1_300);
});

test('a single model is hedged with itself, once', async () => {
  clock = new ManualClock();
  route = router({
    models: [scriptedModel({ name: 'a', clock, script: (n) => (n < 3 ? [] : answer(10)) })],
    clock,
    hedge: { initialDelayMs: 100 },
    firstContentDeadlineMs: 1_000,
    maxAttempts: 2,
  });
  const chat = route.chat({ messages: [{ role: 'user', content: 'Hello' }] });
  await run(clock, 900);
  expect(outcomesOf(chat)).toEqual([
    ['a', 'primary', 'cancelled'],
    ['a', 'hedge', 'cancelled'],
  ]);
  chat.cancel();
});

test('spends a share of the budget on immediate hedges, and never more than the budget', async () => {
  clock = new ManualClock();
  // The router's plan draws the first random number.
  const chances = [0.9, 0.06, 0.9, 0.04];
  const random = () => chances.shift()!;
  const models = ['late', 'early'].map((name) =>
    scriptedModel({ name, clock, script: () => answer(name === 'late' ? 700 : 100) }),
  );
  route = router({ models, clock, random, hedge: { budget: 0.25, atOnce: 0.2 } });
  expect(outcomesOf(await ask('By chance 0.06 of 0.05'))).toEqual([['late', 'primary', 'won']]);
  const chat = await ask('By chance 0.04 of 0.05');
  expect(outcomesOf(chat)).toEqual([
    ['late', 'primary', 'cancelled'],
    ['early', 'hedge', 'won'],
  ]);
  expect(sentMs(chat)).toEqual([0, 0]);
  expect(route.stats().extraRequests).toBe(1);
});

test.each([-0.1, 1.1, Number.NaN])('an atOnce of %d is rejected', (atOnce) => {
  const models = [scriptedModel({ name: 'one', clock: new ManualClock(), script: () => answer(1) })];
  expect(() => router({ models, hedge: { atOnce } })).toThrow('atOnce');
});

describe('a speculation', () => {
  const open = (script: (n: number) => ScriptStep[] = () => answer(1_900)) => {
    clock = new ManualClock();
    const models = [
      scriptedModel({ name: 'late', clock, script }),
      scriptedModel({ name: 'early', clock, script: () => answer(100) }),
    ];
    route = router({ models, clock, random: () => 0.5, hedge: { initialDelayMs: 500 } });
  };
  const speculate = (waitingSinceMs?: () => number) => {
    let commit = () => {};
    const awaited = new Promise<void>((resolve) => {
      commit = resolve;
    });
    const since = waitingSinceMs ? { waitingSinceMs } : {};
    const chat = route.chat({ messages: [{ role: 'user', content: 'And today?' }] }, { awaited, ...since });
    const reading = readAll(chat).catch(() => {});
    return { chat, commit, reading };
  };
  beforeEach(() => open());

  test('is not hedged while no caller waits for it', async () => {
    const { chat, reading } = speculate();
    await run(clock, 1_500);
    expect(sentMs(chat)).toEqual([0]);
    chat.cancel();
    await reading;
  });

  test.each([
    ['late when its turn is committed is hedged at that moment', 700, 700],
    ['committed before it is late is hedged like any other', 200, 500],
  ])('that is %s', async (_which, committedMs, hedgedMs) => {
    const { chat, commit, reading } = speculate();
    await run(clock, committedMs);
    commit();
    await run(clock, 1_000 - committedMs);
    await reading;
    expect(sentMs(chat)).toEqual([0, hedgedMs]);
    expect(outcomesOf(chat).at(-1)).toEqual(['early', 'hedge', 'won']);
  });

  test('is hedged sooner when it started late, because its caller has waited just as long', async () => {
    // The router has measured answers of 20 to 600 ms; later answers never arrive in time.
    open((n) => answer(n <= 30 ? 20 * (1 + ((n * 7) % 30)) : 1_900));
    for (let turn = 0; turn < 30; turn += 1) await ask(`Question ${turn}`);
    const hedgedMs = async (priorWaitMs: number) => {
      const sinceMs = clock.nowMs() - priorWaitMs;
      const { chat, commit, reading } = speculate(() => sinceMs);
      await run(clock, 100);
      commit();
      await run(clock, 2_000);
      await reading;
      return sentMs(chat)[1]!;
    };
    // Implausibly long, so the reported time is ignored.
    expect(await hedgedMs(600_000)).toBeGreaterThan(400);
    const [soonMs, lateMs] = [await hedgedMs(100), await hedgedMs(300)];
    // The first measurement changes the second slightly.
    expect(soonMs - lateMs).toBeGreaterThan(150);
    expect(soonMs - lateMs).toBeLessThan(250);
    expect(await hedgedMs(5_000)).toBe(100);
  });

  test('is hedged when another caller sends the same request and waits', async () => {
    const { chat, reading } = speculate();
    await run(clock, 700);
    const other = ask('And today?');
    await run(clock, 300);
    await Promise.all([other, reading]);
    expect(sentMs(chat)).toEqual([0, 700]);
  });
});
