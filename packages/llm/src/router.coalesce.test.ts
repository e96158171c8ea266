import { ManualClock } from '@firstword/turn';
import { beforeEach, expect, test } from 'vitest';
import type { ChatRequest } from './chat.js';
import { type RouterOptions, router } from './router.js';
import { readAll, readError, textOf } from './testing/read.js';
import { answer, run, type ScriptedModel, scriptedModel } from './testing/scripted-model.js';

let clock: ManualClock;
let model: ScriptedModel;

beforeEach(() => {
  clock = new ManualClock();
  model = scriptedModel({ name: 'a', clock, script: () => answer(400) });
});

const route = (options: Partial<RouterOptions> = {}) =>
  router({ models: [model], clock, coalesceGraceMs: 250, ...options });
const saying = (content: string): ChatRequest => ({ messages: [{ role: 'user', content }] });

test('an identical request soon after a cancel joins the answer', async () => {
  const r = route();
  const first = r.chat(saying('book a table'));
  await run(clock, 100);
  first.cancel();
  expect(first.trace.outcome).toBe('cancelled');
  await run(clock, 200);
  const second = r.chat(saying('Book a table.'));
  const [events] = await Promise.all([readAll(second), run(clock, 1_000)]);
  expect(textOf(events)).toBe('Yes, certainly. ');
  expect(model.requests).toHaveLength(1);
  expect(second.trace).toMatchObject({ outcome: 'finished', requests: 1 });
  expect(clock.nowMs()).toBeGreaterThan(second.trace.marks.firstContent!);
});

test('an identical request soon after an abort joins it too', async () => {
  const r = route();
  const stop = new AbortController();
  const reading = readError(r.chat(saying('book a table'), { signal: stop.signal }));
  stop.abort();
  expect((await reading).error).toMatchObject({ code: 'aborted' });
  const [events] = await Promise.all([readAll(r.chat(saying('Book a table.'))), run(clock, 1_000)]);
  expect(textOf(events)).toBe('Yes, certainly. ');
  expect(model.requests).toHaveLength(1);
});

test('cancels an answer that is not requested again within the grace period', async () => {
  const chat = route().chat(saying('book a table'));
  chat.cancel();
  await run(clock, 240);
  expect(model.cancelled).toBe(0);
  await run(clock, 20);
  expect(model.cancelled).toBe(1);
  expect(chat.trace.outcome).toBe('cancelled');
  expect(clock.pendingTimers).toBe(0);
});

test('an answer that ends within the grace period counts as cancelled and leaves no timer', async () => {
  const chat = route({ coalesceGraceMs: 1_000 }).chat(saying('book a table'));
  chat.cancel();
  await run(clock, 500);
  expect(chat.trace.outcome).toBe('cancelled');
  expect(clock.pendingTimers).toBe(0);
});

test('a request with other words starts a new answer', async () => {
  const r = route();
  r.chat(saying('book a table')).cancel();
  r.chat(saying('book a room')).cancel();
  expect(model.requests).toHaveLength(2);
});

test.each([
  ['by default', { coalesceGraceMs: undefined }],
  ['without coalescing', { coalesce: false }],
])('%s a cancel stops it at once', async (_when, options) => {
  route(options).chat(saying('book a table')).cancel();
  expect(model.cancelled).toBe(1);
  expect(clock.pendingTimers).toBe(0);
});

test('closing the router ends every grace period', async () => {
  const r = route();
  r.chat(saying('book a table')).cancel();
  await r.close();
  expect(model.cancelled).toBe(1);
  expect(clock.pendingTimers).toBe(0);
});

test('sends no hedge without readers, and sends one that came due when a reader joins', async () => {
  const backup = scriptedModel({ name: 'b', clock, script: () => answer(50) });
  model = scriptedModel({ name: 'a', clock, script: () => [] });
  const r = route({ models: [model, backup], hedge: { initialDelayMs: 100 } });
  r.chat(saying('book a table')).cancel();
  await run(clock, 200);
  expect(backup.requests).toHaveLength(0);
  const [events] = await Promise.all([readAll(r.chat(saying('Book a table.'))), run(clock, 500)]);
  expect(textOf(events)).toBe('Yes, certainly. ');
  expect(backup.requests).toHaveLength(1);
  expect(clock.pendingTimers).toBe(0);
});
