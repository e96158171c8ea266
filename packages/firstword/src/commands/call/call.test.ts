import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { call } from './call.js';
import type { CallCommandOptions } from './options.js';

const options: CallCommandOptions = {
  url: 'ws://127.0.0.1:1',
  apiKey: 'key',
  calls: 1,
  concurrent: 1,
  turns: 1,
  voice: 'rms',
  seed: 1,
  out: 'nowhere',
};

beforeEach(() => void vi.stubEnv('LIVEKIT_API_SECRET', 'secret'));
afterEach(() => void vi.unstubAllEnvs());

it.each([
  ['two concurrent calls in one room', { room: 'a', concurrent: 2 }, /--room or --concurrent/],
  ['aligned records without records', { alignedRecords: 'heard' }, /--records/],
  ['aligned records in the records folder', { alignedRecords: './a/../b', records: 'b' }, /another folder/],
])('rejects %s before it does anything', async (_, more, why) => {
  const called = call({ ...options, ...more });
  await expect(called).rejects.toMatchObject({ code: 'bad_input' });
  await expect(called).rejects.toThrow(why);
});
