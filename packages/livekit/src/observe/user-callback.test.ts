import { initializeLogger, log } from '@livekit/agents';
import { beforeAll, expect, it, vi } from 'vitest';
import { isolated, isolatedValue } from './user-callback.js';

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));

it.each([
  [
    'throws',
    () => {
      throw new Error('full');
    },
  ],
  [
    'rejects',
    async () => {
      throw new Error('full');
    },
  ],
])('a callback that %s is logged once, and goes on being called', async (_name, callback) => {
  const error = vi.spyOn(log(), 'error').mockImplementation(() => {});
  const spy = vi.fn(callback);
  const safe = isolated('onTurn', spy);
  safe();
  safe();
  await new Promise((resolve) => setImmediate(resolve));
  expect(spy).toHaveBeenCalledTimes(2);
  expect(error.mock.calls).toEqual([
    [{ error: new Error('full') }, expect.stringContaining('onTurn failed')],
  ]);
  error.mockRestore();
});

it('a value comes from an option, or from a function; from none that fails', () => {
  expect(isolatedValue('levers', { clause: true })()).toEqual({ clause: true });
  expect(isolatedValue('levers', () => ({ clause: true }))()).toEqual({ clause: true });
  const broken = (): object => {
    throw new Error('no');
  };
  expect(isolatedValue('levers', broken)()).toBeUndefined();
});
