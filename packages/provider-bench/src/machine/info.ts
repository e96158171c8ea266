import { cpus, totalmem } from 'node:os';
import type { RunHeader } from '../run-file.js';

/** Describes this machine, for the header of a run. */
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
