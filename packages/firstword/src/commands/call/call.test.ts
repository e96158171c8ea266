import { expect, it } from 'vitest';
import { call } from './call.js';
import type { CallOptions } from './options.js';

const options: CallOptions = {
  url: 'ws://127.0.0.1:1',
  apiKey: 'key',
  apiSecret: 'secret',
  calls: 1,
  concurrent: 1,
  turns: 1,
  voice: 'rms',
  seed: 1,
  out: 'nowhere',
};

it.each([
  ['two calls at once in one room', { room: 'a', concurrent: 2 }, /--room, or --concurrent/],
  ['records again, and none to begin with', { heard: 'heard' }, /--records/],
  ['records again in the folder that they come from', { heard: './a/../b', records: 'b' }, /another --heard/],
])('refuses %s, before it does anything', async (_, more, why) => {
  const called = call({ ...options, ...more });
  await expect(called).rejects.toMatchObject({ code: 'bad_input' });
  await expect(called).rejects.toThrow(why);
});
