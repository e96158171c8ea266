import { ManualClock } from '@firstword/turn';
import { expect, test } from 'vitest';
import { collectAnswer } from './collect-answer.js';

test('returns the time to first text and the whole text', async () => {
  const clock = new ManualClock();
  async function* ask() {
    yield '';
    clock.advance(40);
    yield 'Good ';
    clock.advance(10);
    yield 'morning.';
  }
  expect(await collectAnswer({ ask, clock, timeoutMs: 1_000 })).toEqual({
    firstTextMs: 40,
    text: 'Good morning.',
    end: 'ended',
  });
});

test('after an error, returns the text received before', async () => {
  async function* ask() {
    yield 'Good mor';
    throw new Error('reset');
  }
  const answer = await collectAnswer({ ask, clock: new ManualClock(), timeoutMs: 1_000 });
  expect(answer).toMatchObject({ text: 'Good mor', end: 'failed' });
});

test('times out for an arm that never answers and ignores its signal', async () => {
  const clock = new ManualClock();
  let signal: AbortSignal | undefined;
  async function* ask(given: AbortSignal): AsyncGenerator<string> {
    signal = given;
    await new Promise(() => {});
  }
  const hearing = collectAnswer({ ask, clock, timeoutMs: 1_000 });
  clock.advance(1_000);
  expect(await hearing).toEqual({ text: '', end: 'timed out' });
  expect(signal!.aborted).toBe(true);
  expect(clock.pendingTimers).toBe(0);
});
