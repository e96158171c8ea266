import { type Clock, ManualClock } from '@firstword/turn';
import { beforeEach, expect, test } from 'vitest';
import type { ChatEvent } from './chat.js';
import type { ChatStream } from './model.js';
import { ProviderError } from './provider-error.js';
import { router } from './router.js';
import { HELLO, readAll, readError, textOf } from './testing/read.js';
import {
  answer,
  fail,
  fragment,
  run,
  type ScriptStep,
  say,
  scriptedModel,
  stop,
  think,
} from './testing/scripted-model.js';
import { down, outcomesOf, type ScriptedRouting, scriptedRouting } from './testing/scripted-router.js';

let clock: ManualClock;
let model: ScriptedRouting['model'];
let route: ScriptedRouting['route'];

beforeEach(() => {
  clock = new ManualClock();
  ({ model, route } = scriptedRouting(clock));
});

const call = (atMs: number): ScriptStep => ({
  atMs,
  event: { type: 'toolCall', call: { id: '1', name: 'book', arguments: '{}' } },
});
const fragments = (fromMs: number, toMs: number, everyMs = 100) =>
  Array.from({ length: (toMs - fromMs) / everyMs }, (_, i) => fragment(fromMs + i * everyMs));

/** The events without the fragments, and when the stream ended. */
async function readFor(chat: ChatStream, forMs = 20_000): Promise<{ events: ChatEvent[]; endMs: number }> {
  let endMs = 0;
  const reading = readAll(chat).finally(() => {
    endMs = clock.nowMs();
  });
  await run(clock, forMs);
  return { events: (await reading).filter(({ type }) => type !== 'toolCallDelta'), endMs };
}

async function failureOf(chat: ChatStream, forMs = 20_000) {
  let endMs = 0;
  const reading = readError(chat).finally(() => {
    endMs = clock.nowMs();
  });
  await run(clock, forMs);
  return { error: (await reading).error as ProviderError, endMs };
}

test.each([
  ['after a clause', [say(100, 'One moment, please. '), ...fragments(200, 5_200)]],
  ['after words without a clause', [say(100, 'Let me check'), ...fragments(200, 5_200)]],
  ['alone', fragments(200, 5_200)],
])('arguments that keep arriving are neither cut nor asked for twice: %s', async (_where, steps) => {
  const a = model('a', [...steps, call(5_250), ...stop(5_250)]);
  const b = model('b', answer(10));
  const chat = route([a, b]).chat(HELLO);
  const { events } = await readFor(chat);
  expect(events.slice(-2).map(({ type }) => type)).toEqual(['toolCall', 'finish']);
  expect(outcomesOf(chat)).toEqual([['a', 'primary', 'won']]);
});

test('arguments that stop arriving are replaced unheard, within the first-content deadline', async () => {
  const a = model('a', [say(100, 'Let me check'), ...fragments(200, 500)]);
  const chat = route([a, model('b', answer(100))]).chat(HELLO);
  const { events, endMs } = await readFor(chat);
  expect(textOf(events)).toBe('Yes, certainly. ');
  expect(endMs).toBeLessThan(2_700);
  expect(outcomesOf(chat)).toEqual([
    ['a', 'primary', 'cancelled'],
    ['b', 'replace', 'won'],
  ]);
});

test('an answer that breaks inside a tool call, after words were spoken, fails', async () => {
  const spoken = say(100, 'One moment, please. ');
  const stalled = route([model('a', [spoken, ...fragments(200, 500)]), model('b', answer(10))]).chat(HELLO);
  expect(await failureOf(stalled)).toMatchObject({
    error: { code: 'timeout', retryable: true },
    endMs: 4_400,
  });
  const broken = route([model('a', [spoken, fragment(200), ...fail(300, down())])]).chat(HELLO);
  expect(await failureOf(broken)).toMatchObject({ error: { code: 'provider_unavailable' } });
});

test('reasoning between the words is not a stall', async () => {
  const steps = [say(100, 'Let me think'), ...Array.from({ length: 40 }, (_, i) => think(200 + i * 100))];
  const chat = route([model('a', [...steps, ...answer(4_300)]), model('b', answer(10))]).chat(HELLO);
  await readFor(chat);
  expect(outcomesOf(chat)).toEqual([['a', 'primary', 'won']]);
});

test.each(['Sure', 'Sure, ', 'Well, ', 'Of course.', 'Dr. ', 'At 6 p.m. ', '**', `${'word '.repeat(20)}`])(
  'a primary that stalls after "%s" is replaced',
  async (opener) => {
    const chat = route([model('a', [say(100, opener)]), model('b', answer(100, 'It is noon. '))]).chat(HELLO);
    const { events, endMs } = await readFor(chat);
    expect(textOf(events)).toBe('It is noon. ');
    expect(endMs).toBeLessThan(1_000);
  },
);

test.each([
  ['breaks', fail(220, down())],
  ['goes silent', []],
])('an answer with finish is complete, even if its stream %s', async (_how, end) => {
  for (const onBreak of ['end', 'continue'] as const) {
    const steps: ScriptStep[] = [
      say(100, 'Your table is booked. Good'),
      say(150, 'bye'),
      { atMs: 200, event: { type: 'finish', reason: 'stop' } },
      ...end,
    ];
    const b = model('b', answer(10, 'And more. '));
    const route1 = route([model('a', steps), b], { stall: { onBreak } });
    const chat = route1.chat(HELLO);
    const startedMs = clock.nowMs();
    const { events, endMs } = await readFor(chat);
    expect(textOf(events)).toBe('Your table is booked. Goodbye');
    expect(events.at(-1)).toEqual({ type: 'finish', reason: 'stop' });
    expect(endMs - startedMs).toBeLessThanOrEqual(510);
    expect([chat.trace.outcome, b.requests.length]).toEqual(['finished', 0]);
    expect(route1.stats().models[0]!.breaker).toBe('allow');
  }
});

test('two silent models fail after giveUpAfterMs, and count as late', async () => {
  const chats = route([model('a', []), model('b', [])]);
  const chat = chats.chat(HELLO);
  const { error, endMs } = await failureOf(chat);
  expect(error).toMatchObject({ code: 'timeout', retryable: true });
  expect(error.message).toMatch(/a m: timeout; b m: timeout/);
  expect(endMs).toBe(8_000);
  expect(clock.pendingTimers).toBe(0);
  for (let turn = 0; turn < 5; turn += 1) await failureOf(chats.chat(HELLO));
  expect(chats.stats().models.map(({ breaker }) => breaker)).not.toContain('allow');
});

test('a model that is reasoning or answering is waited for, one that stalled is not', async () => {
  const thinking = Array.from({ length: 100 }, (_, i) => think(100 + i * 100));
  const late = route([model('a', [...thinking, ...answer(10_100)])]).chat(HELLO);
  expect(textOf((await readFor(late)).events)).toBe('Yes, certainly. ');
  const stalled = route([model('a', [say(7_900, 'Well')])]).chat(HELLO);
  const startedMs = clock.nowMs();
  expect((await failureOf(stalled)).endMs - startedMs).toBeLessThanOrEqual(9_900);
});

test('a continuation is bounded too', async () => {
  const refused = new ProviderError('auth', 'key refused', { provider: 'a' });
  const a = model('a', [say(100, 'Well, yes. And'), ...fail(200, refused)]);
  const chat = route([a, model('b', [])], { stall: { onBreak: 'continue' }, giveUpAfterMs: 3_000 }).chat(
    HELLO,
  );
  const { events, endMs } = await readFor(chat);
  expect(events.at(-1)).toEqual({ type: 'finish', reason: 'cut_short' });
  expect(endMs).toBe(3_200);
});

test('a backup that was asked just before gets its first-content deadline', async () => {
  const refused = new ProviderError('auth', 'key refused', { provider: 'a' });
  const a = model('a', fail(2_900, refused));
  const b = model('b', answer(1_500));
  const options = { giveUpAfterMs: 3_000, firstContentDeadlineMs: 2_950, hedge: { budget: 0 } };
  const chat = route([a, b], options).chat(HELLO);
  expect(textOf((await readFor(chat)).events)).toBe('Yes, certainly. ');
});

test('a blocked event loop does not make the router give up before it has asked the backup', async () => {
  let nowMs = 0;
  const timers = new Set<{ atMs: number; fn: () => void }>();
  const blocked: Clock = {
    nowMs: () => nowMs,
    wallMs: () => nowMs,
    schedule(delayMs, fn) {
      const timer = { atMs: nowMs + delayMs, fn };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  };
  const models = ['a', 'b'].map((name) =>
    scriptedModel({ name, clock: blocked, script: () => (name === 'a' ? [] : answer(100)) }),
  );
  const reading = readAll(router({ models, clock: blocked, hedge: { budget: 0 } }).chat(HELLO));
  // Whatever is due fires at once, late, as after a long computation.
  for (const atMs of [20_000, 20_010, 20_120, 20_200, 20_600]) {
    nowMs = atMs;
    const due = [...timers].filter((timer) => timer.atMs <= nowMs).sort((x, y) => x.atMs - y.atMs);
    for (const timer of due) if (timers.delete(timer)) timer.fn();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(textOf(await reading)).toBe('Yes, certainly. ');
});
