import { ManualClock } from '@firstword/turn';
import { expect, it } from 'vitest';
import { contaminationOf } from './contamination.js';
import { cpuShares, parseProcStat, readCpuTimes } from './cpu-times.js';
import { MachineMonitor } from './monitor.js';

it('reads /proc/stat, steal included', () => {
  const text = 'cpu  100 0 50 800 20 0 5 25 0 0\ncpu0 1 2 3\n';
  expect(parseProcStat(text)).toEqual({ totalTicks: 1000, idleTicks: 820, stealTicks: 25 });
  expect(parseProcStat('')).toBeUndefined();
});

it('computes the CPU shares between two readings', () => {
  const before = { totalTicks: 1000, idleTicks: 500, stealTicks: 0 };
  const after = { totalTicks: 1200, idleTicks: 550, stealTicks: 20 };
  expect(cpuShares(before, after)).toEqual({ cpuShare: 0.75, stealShare: 0.1 });
  expect(cpuShares(before, before)).toBeUndefined();
});

it('reads the CPU times of this machine', async () => {
  expect((await readCpuTimes()).totalTicks).toBeGreaterThan(0);
});

it('lists what contaminated a sample, and nothing for a clean one', () => {
  expect(contaminationOf({ eventLoopDelayMs: 2, stealShare: 0, cpuShare: 0.4 }, 1)).toEqual([]);
  expect(contaminationOf({ eventLoopDelayMs: 12, stealShare: 0.2, cpuShare: 0.99 }, 30)).toEqual([
    'event-loop',
    'steal',
    'cpu',
    'late-start',
  ]);
});

/** A clock whose event loop can be blocked: time passes, and no timer fires. */
class BlockableClock extends ManualClock {
  #blockedMs = 0;
  override nowMs(): number {
    return super.nowMs() + this.#blockedMs;
  }
  block(ms: number): void {
    this.#blockedMs += ms;
  }
}

it('reports a blocked event loop only for requests that overlap it', async () => {
  const clock = new BlockableClock();
  const watch = new MachineMonitor({ clock, readCpu: async () => ({ totalTicks: 0, idleTicks: 0 }) });
  await watch.start();
  clock.advance(100);
  clock.block(40);
  clock.advance(100);
  watch.stop();
  const during = await watch.during(90, 160);
  expect(during.eventLoopDelayMs).toBeGreaterThanOrEqual(35);
  expect(during.eventLoopDelayMs).toBeLessThanOrEqual(45);
  expect((await watch.during(0, 90)).eventLoopDelayMs).toBe(0);
  expect((await watch.during(170, 230)).eventLoopDelayMs).toBe(0);
});

it('waits for the CPU reading after a request, and reports the worst value during it', async () => {
  const clock = new ManualClock();
  const readings = [0, 100, 200, 300].map((ticks) => ({
    totalTicks: ticks,
    idleTicks: ticks / 2,
    stealTicks: 0,
  }));
  readings[2]!.stealTicks = 30;
  readings[3]!.stealTicks = 30;
  const watch = new MachineMonitor({ clock, readCpu: async () => readings.shift()! });
  await watch.start();
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  clock.advance(500);
  await settle();
  const asked = watch.during(550, 900);
  clock.advance(500);
  expect(await asked).toEqual({ eventLoopDelayMs: 0, cpuShare: 0.5, stealShare: 0.3 });
  watch.stop();
});
