import { ManualClock } from '@firstword/turn';
import { expect, test } from 'vitest';
import { listen } from './listen.js';

test('tells when the first text came, and all of it', async () => {
  const clock = new ManualClock();
  async function* ask() {
    yield '';
    clock.advance(40);
    yield 'Good ';
    clock.advance(10);
    yield 'morning.';
  }
  expect(await listen({ ask, clock, patienceMs: 1_000 })).toEqual({
    firstTextMs: 40,
    text: 'Good morning.',
    end: 'ended',
  });
});

test('an error ends it, with what was heard before', async () => {
  async function* ask() {
    yield 'Good mor';
    throw new Error('reset');
  }
  const heard = await listen({ ask, clock: new ManualClock(), patienceMs: 1_000 });
  expect(heard).toMatchObject({ text: 'Good mor', end: 'failed' });
});

test('gives up on an arm that never answers and ignores its signal', async () => {
  const clock = new ManualClock();
  let signal: AbortSignal | undefined;
  async function* ask(given: AbortSignal): AsyncGenerator<string> {
    signal = given;
    await new Promise(() => {});
  }
  const hearing = listen({ ask, clock, patienceMs: 1_000 });
  clock.advance(1_000);
  expect(await hearing).toEqual({ text: '', end: 'gave up' });
  expect(signal!.aborted).toBe(true);
  expect(clock.pendingTimers).toBe(0);
});
