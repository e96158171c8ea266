import { ManualClock, systemClock } from '@firstword/turn';
import { expect, test } from 'vitest';
import { openAiCompatible } from '../providers/compatible/index.js';
import { router } from '../router.js';
import { HELLO, readAll, textOf } from '../testing/read.js';
import { DONE, finish, serve, stream, text } from '../testing/server.js';
import { scheduleAfterReads } from './schedule-after-reads.js';

test('fires on time, and can be cancelled', () => {
  const clock = new ManualClock();
  const fired: number[] = [];
  scheduleAfterReads(clock, 30, () => fired.push(clock.nowMs()));
  scheduleAfterReads(clock, 20, () => fired.push(-1))();
  clock.advance(40);
  expect(fired).toEqual([30]);
  expect(clock.pendingTimers).toBe(0);
});

test('a timer that fires late gives way, and can still be cancelled then', () => {
  let nowMs = 0;
  const timers: (() => void)[] = [];
  const clock = {
    ...systemClock,
    nowMs: () => nowMs,
    schedule: (_ms: number, fn: () => void) => {
      timers.push(fn);
      return () => timers.splice(timers.indexOf(fn), 1);
    },
  };
  const fired: string[] = [];
  scheduleAfterReads(clock, 30, () => fired.push('a'));
  const cancel = scheduleAfterReads(clock, 30, () => fired.push('b'));
  nowMs = 200;
  for (const fire of timers.splice(0)) fire();
  expect([fired, timers.length]).toEqual([[], 2]);
  cancel();
  for (const fire of timers.splice(0)) fire();
  expect(fired).toEqual(['a']);
});

/** Blocks the event loop, as a long computation of the application does. */
const block = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);

test('an answer whose parts arrived while the event loop was blocked is neither cut nor replaced', async () => {
  const pieces = [text('Well'), text(', it is'), text(' noon. '), text('Bye.'), finish(), DONE];
  const server = await serve(async (response) => {
    stream(response, [], { open: true });
    for (const piece of pieces) {
      response.write(piece);
      // The bytes are in the socket, unread, when the timers of the blocked loop fire.
      await new Promise((resolve) => setImmediate(resolve));
      block();
    }
    response.end();
  });
  const model = (provider: string) => openAiCompatible({ provider, model: 'm', baseUrl: server.baseUrl });
  const route = router({
    models: [model('a'), model('b')],
    stall: { beforeClauseMs: 100, afterClauseMs: 200 },
  });
  const chat = route.chat(HELLO);
  expect(textOf(await readAll(chat))).toBe('Well, it is noon. Bye.');
  expect(chat.trace.attempts).toMatchObject([{ provider: 'a', outcome: 'won' }]);
  await route.close();
});
