import { FirstwordError, ManualClock } from '@firstword/turn';
import { beforeEach, expect, test } from 'vitest';
import type { ChatStream } from './model.js';
import { ProviderError } from './provider-error.js';
import { HELLO, readAll, readError, textOf } from './testing/read.js';
import { answer, fail, fragment, run, say, scriptedModel, stop, think } from './testing/scripted-model.js';
import { down, outcomesOf, type ScriptedRouting, scriptedRouting } from './testing/scripted-router.js';

let clock: ManualClock;
let model: ScriptedRouting['model'];
let route: ScriptedRouting['route'];

beforeEach(() => {
  clock = new ManualClock();
  ({ model, route } = scriptedRouting(clock));
});

async function readText(chat: ChatStream, forMs = 8_000) {
  const reading = readAll(chat);
  await run(clock, forMs);
  return textOf(await reading);
}

test('a healthy primary answers alone', async () => {
  const [a, b] = [model('a', answer(300)), model('b', answer(10))];
  const chat = route([a, b]).chat(HELLO);
  expect(await readText(chat)).toBe('Yes, certainly. ');
  expect(outcomesOf(chat)).toEqual([['a', 'primary', 'won']]);
  expect(b.requests).toHaveLength(0);
  expect(chat.trace).toMatchObject({ provider: 'a', outcome: 'finished', requests: 1 });
});

test('a slow primary is hedged, and the loser cancelled and counted', async () => {
  const [a, b] = [model('a', answer(5_000)), model('b', answer(100))];
  const chat = route([a, b], { hedge: { initialDelayMs: 400 } }).chat(HELLO);
  await readText(chat);
  expect(outcomesOf(chat)).toEqual([
    ['a', 'primary', 'cancelled'],
    ['b', 'hedge', 'won'],
  ]);
  expect(chat.trace.marks.firstContent).toBe(500);
  expect(chat.trace.wasted).toMatchObject({ requests: 1 });
  expect(a.cancelled).toBe(1);
});

test('the primary can still win a race it was hedged in', async () => {
  const [a, b] = [model('a', answer(450)), model('b', answer(100))];
  const chat = route([a, b], { hedge: { initialDelayMs: 400 } }).chat(HELLO);
  await readText(chat);
  expect(outcomesOf(chat)).toEqual([
    ['a', 'primary', 'won'],
    ['b', 'hedge', 'cancelled'],
  ]);
  expect(b.cancelled).toBe(1);
});

test('reasoning does not win the race; the winner’s own reasoning is passed on', async () => {
  const [a, b] = [
    model('a', [think(10), think(300), ...answer(5_000)]),
    model('b', [think(50), ...answer(100)]),
  ];
  const chat = route([a, b], { hedge: { initialDelayMs: 400 } }).chat(HELLO);
  const reading = readAll(chat);
  await run(clock, 2_000);
  expect((await reading).map(({ type }) => type)).toEqual(['reasoning', 'text', 'finish']);
  expect(chat.trace.provider).toBe('b');
});

test('a tool call that has started is not hedged', async () => {
  const call = { type: 'toolCall', call: { id: '1', name: 'book', arguments: '{}' } } as const;
  const a = model('a', [fragment(300), { atMs: 900, event: call }, ...stop(950)]);
  const b = model('b', answer(10));
  const chat = route([a, b], { hedge: { initialDelayMs: 400 } }).chat(HELLO);
  await readText(chat);
  expect(b.requests).toHaveLength(0);
  expect(chat.trace.provider).toBe('a');
});

test('a failed primary is replaced at once', async () => {
  const [a, b] = [model('a', fail(50, down())), model('b', answer(100))];
  const chat = route([a, b]).chat(HELLO);
  await readText(chat);
  expect(chat.trace.marks.firstContent).toBe(150);
  expect(chat.trace.attempts).toMatchObject([
    { provider: 'a', outcome: 'failed', error: 'provider_unavailable' },
    { provider: 'b', reason: 'failover', outcome: 'won' },
  ]);
});

test('an empty stream does not win', async () => {
  const [a, b] = [model('a', stop(50)), model('b', answer(100))];
  const chat = route([a, b]).chat(HELLO);
  expect(await readText(chat)).toBe('Yes, certainly. ');
  expect(outcomesOf(chat)[1]).toEqual(['b', 'failover', 'won']);
});

test('an empty answer is passed on when there is no better one', async () => {
  const [a, b] = [model('a', stop(50)), model('b', fail(50, down()))];
  const chat = route([a, b], { maxAttempts: 2 }).chat(HELLO);
  expect(await readText(chat)).toBe('');
  expect(chat.trace.outcome).toBe('finished');
});

test('fails over at the deadline even without a hedge budget', async () => {
  const [a, b] = [model('a', []), model('b', answer(100))];
  const chat = route([a, b], { hedge: { budget: 0 }, firstContentDeadlineMs: 900 }).chat(HELLO);
  await readText(chat);
  expect(chat.trace.marks.firstContent).toBe(1_000);
  expect(outcomesOf(chat)[1]).toEqual(['b', 'failover', 'won']);
});

test('a backup that fails while the primary is late does not end the race', async () => {
  const [a, b] = [model('a', answer(3_000)), model('b', fail(50, down()))];
  const chat = route([a, b], { hedge: { budget: 0 }, firstContentDeadlineMs: 900, maxAttempts: 2 }).chat(
    HELLO,
  );
  expect(await readText(chat)).toBe('Yes, certainly. ');
  expect(chat.trace.provider).toBe('a');
});

test('retries a single model that fails', async () => {
  const a = model('a', (n) => (n === 1 ? fail(20, down()) : answer(100)));
  const chat = route([a]).chat(HELLO);
  expect(await readText(chat)).toBe('Yes, certainly. ');
  expect(a.requests).toHaveLength(2);
});

test('honours the retry-after of a single model', async () => {
  const limited = new ProviderError('rate_limited', 'slow down', {
    provider: 'a',
    retryable: true,
    retryAfterMs: 700,
  });
  const a = model('a', (n) => (n === 1 ? fail(0, limited) : answer(100)));
  const chat = route([a]).chat(HELLO);
  await readText(chat);
  expect(chat.trace.marks.firstContent).toBeGreaterThanOrEqual(800);
  expect(chat.trace.marks.firstContent).toBeLessThan(900);
});

test('when all fail the error names each', async () => {
  const refused = new ProviderError('auth', 'key refused', { provider: 'a' });
  const chat = route([model('a', fail(10, refused)), model('b', fail(10, refused))]).chat(HELLO);
  const reading = readError(chat);
  await run(clock, 2_000);
  const { error } = await reading;
  expect(error).toMatchObject({ code: 'auth' });
  expect((error as Error).message).toMatch(/a m: auth.*b m: auth/);
  expect(chat.trace).toMatchObject({ outcome: 'failed', error });
});

test('replaces a stream that stalls before its first clause', async () => {
  const [a, b] = [model('a', [say(100, 'Well I th')]), model('b', answer(100, 'Of course. '))];
  const chat = route([a, b], { stall: { beforeClauseMs: 500 } }).chat(HELLO);
  expect(await readText(chat)).toBe('Of course. ');
  expect(outcomesOf(chat)).toEqual([
    ['a', 'primary', 'cancelled'],
    ['b', 'replace', 'won'],
  ]);
});

test('keeps a stalled stream that resumes before its replacement answers', async () => {
  const a = model('a', [say(100, 'Well'), say(650, ' then. '), ...stop(700)]);
  const chat = route([a, model('b', answer(400))], { stall: { beforeClauseMs: 500 } }).chat(HELLO);
  expect(await readText(chat)).toBe('Well then. ');
  expect(chat.trace.provider).toBe('a');
});

test('replaces a model that fails before its first clause', async () => {
  const a = model('a', [say(100, 'Well I'), ...fail(150, down())]);
  const chat = route([a, model('b', answer(100, 'Of course. '))]).chat(HELLO);
  expect(await readText(chat)).toBe('Of course. ');
});

test('a cancelled backup is used again when the winner breaks before its first clause', async () => {
  const a = model('a', (n) => (n === 1 ? fail(10, down()) : [say(50, 'Well I'), ...fail(80, down())]));
  const b = model('b', (n) => answer(n === 1 ? 700 : 100, 'Of course. '));
  const chat = route([a, b], { hedge: { budget: 0 }, firstContentDeadlineMs: 300 }).chat(HELLO);
  expect(await readText(chat)).toBe('Of course. ');
  expect(b.requests).toHaveLength(2);
});

test('an exploration request does not replace a winner that breaks', async () => {
  const a = model('a', [say(50, 'Well I'), ...fail(80, down())]);
  const b = model('b', (n) => answer(n === 1 ? 1_200 : 100, 'Of course. '));
  const chat = route([a, b], { order: 'fastest', hedge: { budget: 0 } }).chat(HELLO);
  expect(await readText(chat)).toBe('Of course. ');
  expect(chat.trace.marks.firstContent).toBeLessThan(400);
});

test('an answer that breaks off after its first clause ends cleanly', async () => {
  const a = model('a', [say(100, 'Well, yes. And'), ...fail(300, down())]);
  const chat = route([a, model('b', answer(100))]).chat(HELLO);
  const reading = readAll(chat);
  await run(clock, 1_000);
  const events = await reading;
  expect(textOf(events)).toBe('Well, yes. And');
  expect(events.at(-1)).toEqual({ type: 'finish', reason: 'cut_short' });
});

test('continues an answer that breaks off, if configured', async () => {
  const a = model('a', [say(100, 'Well, yes. And')]);
  const b = model('b', answer(100, ' welcome. '));
  const chat = route([a, b], { stall: { onBreak: 'continue', afterClauseMs: 1_000 } }).chat(HELLO);
  expect(await readText(chat)).toBe('Well, yes. And welcome. ');
  expect(b.requests[0]!.messages.at(-2)).toEqual({ role: 'assistant', content: 'Well, yes. And' });
});

test('text is held until its first clause', async () => {
  const a = model('a', [say(100, 'Of course'), say(200, '. I '), say(300, 'am here'), ...stop(400)]);
  const events: [number, string][] = [];
  const chat = route([a]).chat(HELLO);
  const reading = (async () => {
    for await (const event of chat) if (event.type === 'text') events.push([clock.nowMs(), event.text]);
  })();
  await run(clock, 1_000);
  await reading;
  expect(events).toEqual([
    [200, 'Of course'],
    [200, '. I '],
    [300, 'am here'],
  ]);
  expect(chat.trace.marks.firstContent).toBe(100);
});

test('cancelling cancels every request of the race', async () => {
  const [a, b] = [model('a', answer(5_000)), model('b', answer(5_000))];
  const chat = route([a, b], { hedge: { initialDelayMs: 300 } }).chat(HELLO);
  await run(clock, 500);
  chat.cancel();
  expect([a.cancelled, b.cancelled]).toEqual([1, 1]);
  expect(chat.trace.outcome).toBe('cancelled');
  expect(clock.pendingTimers).toBe(0);
});

test('an aborted signal rejects the reading and cancels the race', async () => {
  const a = model('a', answer(5_000));
  const abort = new AbortController();
  const reading = readError(route([a]).chat(HELLO, { signal: abort.signal }));
  await run(clock, 100);
  abort.abort();
  expect((await reading).error).toMatchObject({ code: 'aborted' });
  expect(a.cancelled).toBe(1);
});

test('identical requests in flight are answered once', async () => {
  const a = model('a', answer(300));
  const r = route([a]);
  const first = r.chat({ messages: [{ role: 'user', content: 'book a table' }] });
  await run(clock, 100);
  const second = r.chat({ messages: [{ role: 'user', content: 'Book a table.' }] });
  const [one, two] = await Promise.all([readAll(first), readAll(second), run(clock, 1_000)]);
  expect(textOf(two)).toBe(textOf(one));
  expect(a.requests).toHaveLength(1);
});

test('one reader leaving does not end the answer for the other', async () => {
  const a = model('a', answer(300));
  const r = route([a]);
  const first = r.chat(HELLO);
  const second = r.chat(HELLO);
  first.cancel();
  expect(await readText(second)).toBe('Yes, certainly. ');
  expect(a.cancelled).toBe(0);
});

test('skips a model that keeps failing, and probes it beside another after the open time', async () => {
  const a = model('a', (n) => (n <= 3 ? fail(10, down()) : answer(50)));
  const b = model('b', answer(100));
  const r = route([a, b]);
  for (let i = 0; i < 3; i += 1) await readText(r.chat(HELLO), 500);
  expect(a.requests).toHaveLength(3);
  await readText(r.chat(HELLO), 500);
  expect(a.requests).toHaveLength(3);
  clock.advance(5_000);
  const probe = r.chat(HELLO);
  await readText(probe, 500);
  expect(outcomesOf(probe)).toEqual([
    ['b', 'primary', 'cancelled'],
    ['a', 'hedge', 'won'],
  ]);
  const after = r.chat(HELLO);
  await readText(after, 500);
  expect(outcomesOf(after)).toEqual([['a', 'primary', 'won']]);
});

test('a probed model that is slower than its backup is used again too', async () => {
  const a = model('a', (n) => (n <= 3 ? fail(10, down()) : answer(400)));
  const r = route([a, model('b', answer(100))]);
  for (let i = 0; i < 3; i += 1) await readText(r.chat(HELLO), 500);
  clock.advance(5_000);
  await readText(r.chat(HELLO), 1_000);
  expect(r.stats().models[0]).toMatchObject({ breaker: 'allow', samples: 1 });
  const after = r.chat(HELLO);
  await readText(after, 1_000);
  expect(outcomesOf(after)[0]).toEqual(['a', 'primary', 'won']);
});

test('avoids a model whose rate limit is used up', async () => {
  const limits = { requests: { remaining: 0, limit: 10, resetMs: 60_000 } };
  const a = scriptedModel({ name: 'a', clock, script: () => answer(50), limits });
  const b = model('b', answer(100));
  const r = route([a, b]);
  await readText(r.chat(HELLO), 500);
  const chat = r.chat(HELLO);
  await readText(chat, 500);
  expect(outcomesOf(chat)).toEqual([['b', 'primary', 'won']]);
});

test('fastest finds the fastest model within a few requests and leaves it within five when it slows down', async () => {
  let slow = 1;
  const a = model('a', () => answer(550));
  const b = model('b', () => answer(100 * slow));
  const r = route([a, b], { order: 'fastest' });
  for (let i = 0; i < 5; i += 1) await readText(r.chat(HELLO), 1_500);
  const learned = r.chat(HELLO);
  await readText(learned, 1_500);
  expect(outcomesOf(learned)[0]).toEqual(['b', 'primary', 'won']);
  slow = 10;
  for (let i = 0; i < 5; i += 1) await readText(r.chat(HELLO), 2_500);
  const moved = r.chat(HELLO);
  await readText(moved, 1_500);
  expect(moved.trace.attempts![0]!.provider).toBe('a');
});

test('extra requests stay within the budget', async () => {
  // Every fifth answer is slow: a hedge would pay for each, but the budget is one in ten.
  const a = model('a', (n) => answer(n % 5 === 0 ? 1_000 : 100));
  const r = route([a, model('b', answer(100))], { hedge: { budget: 0.1, quantile: 0.75 } });
  for (let i = 0; i < 300; i += 1) {
    const reading = readAll(r.chat(HELLO));
    await run(clock, 1_200, 50);
    await reading;
  }
  const { requests, extraRequests } = r.stats();
  expect(requests).toBe(300);
  expect(extraRequests).toBeLessThanOrEqual(0.1 * 300 + 20);
  expect(extraRequests).toBeGreaterThan(15);
});

test('warms every model, and closes every model', async () => {
  const [a, b] = [model('a', []), model('b', [])];
  const r = route([a, b]);
  await r.warm();
  await r.close();
  expect([a.warmed, b.warmed, a.closed, b.closed]).toEqual([1, 1, true, true]);
});

test('warming fails only if no model can be warmed', async () => {
  const broken = { ...model('a', []), warm: () => Promise.reject(down()) };
  await route([broken, model('b', [])]).warm();
  await expect(route([broken]).warm()).rejects.toMatchObject({ code: 'provider_unavailable' });
});

test('no model, or a share outside 0 to 1, is bad input', () => {
  expect(() => route([])).toThrow(FirstwordError);
  expect(() => route([model('a', [])], { hedge: { budget: 10 } })).toThrow(/0 to 1/);
});
