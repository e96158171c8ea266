import { expect, it } from 'vitest';
import { cpuMsOf, treeCpuMs } from './process-cost.js';

it('reads user and system time, whatever the process is called', () => {
  const fields = ['S', '1', '2', '3', '0', '-1', '0', '0', '0', '0', '0', '150', '50', '7', '7'];
  expect(cpuMsOf(`4711 (a ) b (c) ${fields.join(' ')}`)).toBe(2_000);
});

it.skipIf(process.platform !== 'linux')('counts its own process', () => {
  expect(treeCpuMs(process.pid)).toBeGreaterThan(0);
});

it('counts nothing for a process that has ended', () => {
  expect(treeCpuMs(2 ** 30)).toBe(0);
});
