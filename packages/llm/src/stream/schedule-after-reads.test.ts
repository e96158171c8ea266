import { ManualClock } from '@firstword/turn';
import { expect, test } from 'vitest';
import { openAiCompatible } from '../providers/compatible/index.js';
import { router } from '../router.js';
import { HELLO, readAll, textOf } from '../testing/read.js';
import { DONE, finish, serve, stream, text } from '../testing/server.js';
import { scheduleAfterReads } from './schedule-after-reads.js';

const immediate = () => new Promise((resolve) => setImmediate(resolve));

test('fires on time, after what was read then could cancel it', async () => {
  const clock = new ManualClock();
  const fired: string[] = [];
  scheduleAfterReads(clock, 30, () => fired.push('a'));
  const cancel = scheduleAfterReads(clock, 30, () => fired.push('b'));
  scheduleAfterReads(clock, 20, () => fired.push('c'))();
  clock.advance(30);
  expect(fired).toEqual([]);
  cancel();
  await immediate();
  expect(fired).toEqual(['a']);
  expect(clock.pendingTimers).toBe(0);
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
      await immediate();
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
