import { AsyncLocalStorage } from 'node:async_hooks';
import { connect, createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it, onTestFinished, vi } from 'vitest';
import { systemClock } from '../clock.js';
import { passTimeFast } from './fast-time.js';

it('lets seconds pass at once, for every kind of timer', async () => {
  onTestFinished(passTimeFast(vi));
  const [fromMs, fromWall] = [systemClock.nowMs(), Date.now()];
  await new Promise<void>((resolve) => systemClock.schedule(2_000, resolve));
  await wait(2_000);
  expect(systemClock.nowMs() - fromMs).toBeGreaterThanOrEqual(4_000);
  expect(Date.now() - fromWall).toBeGreaterThanOrEqual(4_000);
});

it('delivers what a socket sends before the time goes on much', async () => {
  onTestFinished(passTimeFast(vi));
  const server = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  const socket = connect(port, '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  let isLate = false;
  const cancel = systemClock.schedule(1_000, () => {
    isLate = true;
  });
  socket.write('x');
  await new Promise((resolve) => socket.once('data', resolve));
  cancel();
  expect(isLate).toBe(false);
  socket.destroy();
  server.close();
});

it('runs timers in the async context in which they were set', async () => {
  onTestFinished(passTimeFast(vi));
  const storage = new AsyncLocalStorage<string>();
  const seen = await storage.run(
    'set here',
    () => new Promise((resolve) => setTimeout(() => resolve(storage.getStore()), 5)),
  );
  expect(seen).toBe('set here');
});

it('restores the real time', () => {
  const { setTimeout } = globalThis;
  const stop = passTimeFast(vi);
  expect(globalThis.setTimeout).not.toBe(setTimeout);
  stop();
  expect(globalThis.setTimeout).toBe(setTimeout);
});

it('lets promises run between timers, and keeps those that were cleared from running', async () => {
  onTestFinished(passTimeFast(vi));
  const order: string[] = [];
  const cleared = setTimeout(() => order.push('cleared'), 5);
  setTimeout(() => void Promise.resolve().then(() => order.push('promise of the first')), 5);
  setTimeout(() => order.push('second'), 5);
  const every = setInterval(() => order.push('every'), 10);
  clearTimeout(cleared);
  await wait(25);
  clearInterval(every);
  await wait(50);
  expect(order).toEqual(['promise of the first', 'second', 'every', 'every']);
});

it('ends a wait that is aborted', async () => {
  onTestFinished(passTimeFast(vi));
  const stopping = new AbortController();
  const waiting = wait(1_000, undefined, { signal: stopping.signal });
  stopping.abort();
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
});
