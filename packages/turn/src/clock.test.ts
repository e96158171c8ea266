import { expect, it } from 'vitest';
import { ManualClock, systemClock } from './clock.js';

it('does not move until it is advanced', () => {
  const clock = new ManualClock({ nowMs: 10, wallMs: 5000 });
  clock.advance(25);
  expect([clock.nowMs(), clock.wallMs()]).toEqual([35, 5025]);
});

it('fires due timers in order, each at its own time, including those that a timer sets', () => {
  const clock = new ManualClock();
  const fired: [string, number][] = [];
  const note = (name: string) => () => void fired.push([name, clock.nowMs()]);
  clock.schedule(30, note('late'));
  clock.schedule(10, () => {
    note('early')();
    clock.schedule(5, note('nested'));
  });
  clock.schedule(41, note('beyond'));
  clock.advance(40);
  expect(fired).toEqual([
    ['early', 10],
    ['nested', 15],
    ['late', 30],
  ]);
  expect([clock.nowMs(), clock.pendingTimers]).toEqual([40, 1]);
});

it('fires timers due at the same time in the order in which they were set', () => {
  const clock = new ManualClock();
  const fired: number[] = [];
  for (const n of [1, 2, 3]) clock.schedule(10, () => void fired.push(n));
  clock.advance(10);
  expect(fired).toEqual([1, 2, 3]);
});

it('does not fire a cancelled timer', () => {
  const clock = new ManualClock();
  const cancel = clock.schedule(10, () => expect.unreachable());
  cancel();
  clock.advance(20);
  expect(clock.pendingTimers).toBe(0);
});

it('treats a negative delay as 0', () => {
  const clock = new ManualClock({ nowMs: 100 });
  let firedAtMs: number | undefined;
  clock.schedule(-50, () => {
    firedAtMs = clock.nowMs();
  });
  clock.advance(0);
  expect(firedAtMs).toBe(100);
});

it('fires a real timer, on a monotonic clock', async () => {
  const beforeMs = systemClock.nowMs();
  await new Promise<void>((resolve) => void systemClock.schedule(0, resolve));
  expect(systemClock.nowMs()).toBeGreaterThanOrEqual(beforeMs);
});

it('takes a time in the past, and any longer one, without a warning of Node', async () => {
  const warned: string[] = [];
  const note = ({ name }: Error) => void warned.push(name);
  process.on('warning', note);
  let fired = 0;
  const cancels = [Number.POSITIVE_INFINITY, 2 ** 40].map((ms) =>
    systemClock.schedule(ms, () => (fired += 1)),
  );
  await new Promise<void>((resolve) => void systemClock.schedule(-0.001, resolve));
  await new Promise<void>((resolve) => void systemClock.schedule(3, resolve));
  for (const cancel of cancels) cancel();
  process.off('warning', note);
  expect(warned).toEqual([]);
  expect(fired).toBe(0);
});
