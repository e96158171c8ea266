import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { coreShare, cpuCost, cpuTime } from './cpu.js';

const BURN = 'const end = process.cpuUsage().user + 100_000; while (process.cpuUsage().user < end);';

it('measures this process', async () => {
  const before = await cpuTime();
  const untilMs = before.ownMs + 50;
  while ((process.cpuUsage().user + process.cpuUsage().system) / 1000 < untilMs);
  expect(cpuCost(before, await cpuTime(), 1).ownMs).toBeGreaterThanOrEqual(50);
});

it.runIf(process.platform === 'linux')(
  'measures a child process while it runs and after it has exited',
  async () => {
    const before = await cpuTime();
    const child = spawn(process.execPath, ['-e', `${BURN} console.log(1); setInterval(() => {}, 1000)`]);
    await once(child.stdout, 'data');
    expect(cpuCost(before, await cpuTime(), 1).childrenMs).toBeGreaterThanOrEqual(80);
    child.kill();
    await once(child, 'exit');
    const ended = await cpuTime();
    expect(cpuCost(before, ended, 1).childrenMs).toBeGreaterThanOrEqual(80);
  },
);

it('gives no share where the child processes are not known', () => {
  expect(coreShare({ ownMs: 100, childrenMs: 150, wallMs: 1000 })).toBe(0.25);
  expect(coreShare({ ownMs: 100, wallMs: 1000 })).toBeUndefined();
});
