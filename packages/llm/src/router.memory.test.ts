import { ManualClock } from '@firstword/turn';
import { beforeEach, expect, test } from 'vitest';
import type { HealthNews, RouterMemory } from './memory/router-memory.js';
import { sharedMemory } from './memory/shared-memory.js';
import { ProviderError } from './provider-error.js';
import type { Router } from './router.js';
import { HELLO, readAll, textOf } from './testing/read.js';
import { answer, fail, run, type ScriptStep, scriptedModel } from './testing/scripted-model.js';
import { down, outcomesOf, scriptedRouting } from './testing/scripted-router.js';

let clock: ManualClock;
let memory: Required<RouterMemory>;
beforeEach(() => {
  clock = new ManualClock();
  memory = sharedMemory({ clock });
});

const ask = async (route: Router) => {
  const chat = route.chat(HELLO);
  const reading = readAll(chat);
  await run(clock, 500);
  await reading;
  return outcomesOf(chat);
};
/** Two routers over equal models, each with models of its own. */
const two = (primary: (router: number) => ScriptStep[]) => {
  const { model, route } = scriptedRouting(clock);
  return [0, 1].map((at) =>
    route([model('a', () => primary(at)), model('b', answer(50))], { memory, maxAttempts: 4 }),
  ) as [Router, Router];
};
const PROBED = [
  ['b', 'primary', 'won'],
  ['a', 'hedge', 'failed'],
];

test('a router that opens its breaker tells the other, which asks the model only beside another', async () => {
  const [one, other] = two(() => fail(10, down()));
  for (let turn = 0; turn < 3; turn += 1) await ask(one);
  expect(other.stats().models[0]!.breaker).toBe('probe');
  expect(await ask(other)).toEqual(PROBED);
  expect(other.stats().models[0]!.breaker).toBe('block');
});

test('a router whose own requests are answered is not misled: one request goes elsewhere', async () => {
  const [one, other] = two((at) => (at === 0 ? fail(10, down()) : answer(60)));
  for (let turn = 0; turn < 3; turn += 1) await ask(one);
  expect((await ask(other))[0]).toEqual(['b', 'primary', 'won']);
  expect(await ask(other)).toEqual([['a', 'primary', 'won']]);
  // The other one still fails and tells so again: it has been wrong, and is not believed for a while.
  clock.advance(6_000);
  await ask(one);
  expect(await ask(other)).toEqual([['a', 'primary', 'won']]);
});

test('a refused key is a matter of one process', async () => {
  const refused = new ProviderError('auth', 'no', { provider: 'a' });
  const [one, other] = two((at) => (at === 0 ? fail(10, refused) : answer(60)));
  await ask(one);
  expect(one.stats().models[0]!.breaker).toBe('block');
  expect(await ask(other)).toEqual([['a', 'primary', 'won']]);
});

test('a router that is refused for its rate tells the other', async () => {
  const limited = new ProviderError('rate_limited', 'later', { provider: 'a', retryAfterMs: 60_000 });
  const [one, other] = two((at) => (at === 0 ? fail(10, limited) : answer(60)));
  await ask(one);
  expect(await ask(other)).toEqual([['b', 'primary', 'won']]);
  // Five seconds later it finds out for itself.
  clock.advance(5_000);
  expect(await ask(other)).toEqual([['a', 'primary', 'won']]);
});

test('exhausted limits in response headers are told', async () => {
  const limits = { requests: { remaining: 0, limit: 60, resetMs: 60_000 } };
  const model = (name: string, known?: typeof limits) =>
    scriptedModel({ name, clock, script: () => answer(60), ...(known ? { limits: known } : {}) });
  const { route } = scriptedRouting(clock);
  const one = route([model('a', limits), model('b')], { memory });
  const other = route([model('a'), model('b')], { memory });
  await ask(one);
  expect(await ask(other)).toEqual([['b', 'primary', 'won']]);
});

test('if every model is said to be down, the first is asked all the same', async () => {
  const { model, route } = scriptedRouting(clock);
  const other = route([model('a', answer(60))], { memory });
  memory.report('a/m', { type: 'opened', forMs: 60_000 });
  memory.report('a/m', { type: 'limits', blockedMs: 60_000 });
  const chat = other.chat(HELLO);
  const reading = readAll(chat);
  await run(clock, 500);
  expect(textOf(await reading)).toBe('Yes, certainly. ');
});

test('news that is over, or older than an own answer, changes nothing', async () => {
  const { model, route } = scriptedRouting(clock);
  const tell: ((news: HealthNews, ageMs: number) => void)[] = [];
  const other = route([model('a', answer(60)), model('b', answer(60))], {
    memory: {
      load: () => [],
      append: () => {},
      follow: (_name, follower) => {
        tell.push((news, ageMs) => follower.onHealth(news, ageMs));
        return () => {};
      },
    },
  });
  tell[0]!({ type: 'opened', forMs: 5_000 }, 6_000);
  expect(await ask(other)).toEqual([['a', 'primary', 'won']]);
  tell[0]!({ type: 'opened', forMs: 5_000 }, 600);
  expect(await ask(other)).toEqual([['a', 'primary', 'won']]);
});

test('models at another address, and limits of another account, are no concern', async () => {
  const { route } = scriptedRouting(clock);
  const at = (where: { address?: string; account?: string }) =>
    Object.assign(scriptedModel({ name: 'a', clock, script: () => answer(60) }), where);
  const other = route([at({ address: 'here:1/v1', account: '1' })], { memory });
  memory.report('a/m@there:1/v1', { type: 'opened', forMs: 60_000 });
  memory.report('a/m@here:1/v1#2', { type: 'limits', blockedMs: 60_000 });
  expect(other.stats().models[0]!.breaker).toBe('allow');
  memory.report('a/m@here:1/v1', { type: 'opened', forMs: 60_000 });
  expect(other.stats().models[0]!.breaker).toBe('probe');
});

test('routers of one process share times, and a closed one hears nothing more', async () => {
  const [one, other] = two(() => answer(60));
  await ask(one);
  expect(other.stats().models[0]).toMatchObject({ samples: 1, ttftP50Ms: 60 });
  await other.close();
  await ask(one);
  expect(one.stats().models[0]!.samples).toBe(2);
  expect(other.stats().models[0]!.samples).toBe(1);
});

test('warm() waits for what others know; a request does not', async () => {
  const { model, route } = scriptedRouting(clock);
  let learned = () => {};
  const ready = new Promise<void>((resolve) => {
    learned = resolve;
  });
  const slow = route([model('a', answer(60))], { memory: { ...memory, ready: () => ready } });
  let isWarm = false;
  const warming = slow.warm().then(() => {
    isWarm = true;
  });
  await ask(slow);
  expect(isWarm).toBe(false);
  learned();
  await warming;
});
