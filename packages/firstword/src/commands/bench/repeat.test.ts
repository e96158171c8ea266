import { FirstwordError, ManualClock } from '@firstword/turn';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { runRepeatedly } from './repeat.js';

const { signal } = new AbortController();
const MINUTE = 60_000;

beforeEach(() => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

const settle = () => new Promise((resolve) => setImmediate(resolve));

it('starts runs at the interval, whatever their duration', async () => {
  const clock = new ManualClock();
  const beganMs: number[] = [];
  const once = async () => {
    beganMs.push(clock.nowMs());
    clock.advance(10 * MINUTE);
  };
  const all = runRepeatedly(once, { everyMs: 30 * MINUTE, times: 3, signal, clock });
  clock.advance(0);
  for (let i = 0; i < 90; i += 1) {
    await settle();
    clock.advance(MINUTE);
  }
  await all;
  expect(beganMs).toEqual([0, 30 * MINUTE, 60 * MINUTE]);
});

it('starts the next run immediately after one that took too long, and skips none', async () => {
  const clock = new ManualClock();
  const beganMs: number[] = [];
  const once = async () => {
    beganMs.push(clock.nowMs());
    clock.advance(beganMs.length === 1 ? 100 : 1);
  };
  const all = runRepeatedly(once, { everyMs: 30, times: 3, signal, clock });
  for (let i = 0; i < 200; i += 1) {
    await settle();
    clock.advance(1);
  }
  await all;
  expect(beganMs[1]! - beganMs[0]!).toBeLessThan(105);
  expect(beganMs[2]! - beganMs[1]!).toBeGreaterThanOrEqual(29);
});

it('continues after a failed run and sets exit code 1', async () => {
  const clock = new ManualClock();
  let made = 0;
  const once = async () => {
    made += 1;
    if (made === 1) throw new FirstwordError('unwritable', 'the disk is full');
  };
  const all = runRepeatedly(once, { everyMs: 1, times: 2, signal, clock });
  for (let i = 0; i < 10; i += 1) {
    await settle();
    clock.advance(1);
  }
  await all;
  expect(made).toBe(2);
  expect(process.exitCode).toBe(1);
});

it('ends at a permanent failure and at Ctrl-C, and rejects --out', async () => {
  const clock = new ManualClock();
  const wrong = async () => {
    throw new FirstwordError('bad_input', 'no key');
  };
  const first = runRepeatedly(wrong, { everyMs: 1, signal, clock });
  clock.advance(0);
  await expect(first).rejects.toThrow('no key');
  const stop = new AbortController();
  const waiting = runRepeatedly(async () => stop.abort(), { everyMs: MINUTE, signal: stop.signal, clock });
  clock.advance(0);
  await waiting;
  await expect(runRepeatedly(wrong, { everyMs: 1, out: 'a.json', signal, clock })).rejects.toThrow(/--out/);
});
