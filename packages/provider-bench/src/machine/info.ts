import { cpus, totalmem } from 'node:os';
import type { RunHeader } from '../run-file.js';

/** What this machine is. */
export function machineInfo(region?: string): RunHeader['machine'] {
  const cores = cpus();
  return {
    platform: `${process.platform} ${process.arch}`,
    cpu: cores[0]?.model.trim() || 'unknown',
    cores: cores.length,
    memoryBytes: totalmem(),
    node: process.version,
    ...(region === undefined ? {} : { region }),
  };
}
