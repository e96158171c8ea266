import { AsyncLocalStorage } from 'node:async_hooks';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import net from 'node:net';
import { systemClock } from '@firstword/turn';
import { afterEach, expect, it, vi } from 'vitest';
import { outsideCalls } from './outside-calls.js';
import { Pool } from './pool.js';

const calls = new AsyncLocalStorage<string>();

afterEach(() => {
  vi.restoreAllMocks();
});

it("does not see the caller's context, nor does what it awaits", async () => {
  const seen = await calls.run('call', () =>
    outsideCalls(async () => {
      const before = calls.getStore();
      await Promise.resolve();
      return [before, calls.getStore()];
    }),
  );
  expect(seen).toEqual([undefined, undefined]);
});

it('opens a connection that keeps nothing of the call that needed it', async () => {
  const server = createServer((_, response) => response.end()).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const origin = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const connect = net.connect;
  const stores: unknown[] = [];
  vi.spyOn(net, 'connect').mockImplementation(((...args: Parameters<typeof connect>) => {
    stores.push(calls.getStore());
    return connect(...args);
  }) as typeof connect);
  const pool = new Pool({ origin, clock: systemClock, connectMs: 5_000, keepWarm: 1, keepWarmForMs: 60_000 });
  await calls.run('call', () => pool.warm());
  pool.close();
  server.closeAllConnections();
  server.close();
  expect(stores).toEqual([undefined]);
});
