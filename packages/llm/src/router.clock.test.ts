import { type Clock, ManualClock } from '@firstword/turn';
import { expect, test } from 'vitest';
import { router } from './router.js';
import { readAll, textOf } from './testing/read.js';
import { answer, run, scriptedModel } from './testing/scripted-model.js';

/** A clock whose readings can jump while its timers continue, as on a machine that slept or whose clock was set. */
class LeapingClock implements Clock {
  readonly manual = new ManualClock();
  leaptMs = 0;
  wallLeaptMs = 0;
  nowMs = () => this.manual.nowMs() + this.leaptMs;
  wallMs = () => this.manual.wallMs() + this.wallLeaptMs;
  schedule = (delayMs: number, fn: () => void) => this.manual.schedule(delayMs, fn);
}

const HOUR_MS = 3_600_000;

function setUp() {
  const clock = new LeapingClock();
  const models = ['first', 'second'].map((name) => scriptedModel({ name, clock, script: () => answer(100) }));
  return { clock, route: router({ models, clock, random: () => 0.99 }) };
}

/** Sends a request and calls `leap` during the wait for the first content. */
async function ask({ clock, route }: ReturnType<typeof setUp>, turn: number, leap = () => {}) {
  const chat = route.chat({ messages: [{ role: 'user', content: `Question ${turn}` }] });
  const reading = readAll(chat);
  await run(clock.manual, 50);
  leap();
  await run(clock.manual, 1_500);
  expect(textOf(await reading)).toBe('Yes, certainly. ');
  return chat.trace;
}

test('a machine that sleeps for an hour during a request still answers it and later ones', async () => {
  const state = setUp();
  for (let turn = 0; turn < 20; turn += 1) await ask(state, turn);
  await ask(state, 20, () => {
    state.clock.leaptMs += HOUR_MS;
  });
  for (let turn = 21; turn < 30; turn += 1) {
    const { attempts, marks } = await ask(state, turn);
    expect(attempts!.map(({ provider, outcome }) => [provider, outcome])).toEqual([['first', 'won']]);
    expect(marks.firstContent! - marks.llmRequested!).toBe(100);
  }
  expect(state.route.stats().models[0]).toMatchObject({ breaker: 'allow', ttftP50Ms: 100 });
  expect(state.clock.manual.pendingTimers).toBe(0);
});

test.each([
  ['a day ahead', 24 * HOUR_MS],
  ['a day back', -24 * HOUR_MS],
])('a wall clock set %s inside a request changes nothing', async (_name, byMs) => {
  const state = setUp();
  const { attempts, marks } = await ask(state, 0, () => {
    state.clock.wallLeaptMs += byMs;
  });
  expect(attempts).toMatchObject([{ provider: 'first', outcome: 'won' }]);
  expect(marks.firstContent! - marks.llmRequested!).toBe(100);
});
