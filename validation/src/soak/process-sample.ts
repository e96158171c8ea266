import { readdirSync, readFileSync } from 'node:fs';

/** Resources of one process at one moment, read from `/proc`. */
export interface ProcessSample {
  pid: number;
  /** Open file descriptors. */
  descriptors: number;
  /** Resident memory, MB. */
  residentMb: number;
}

const children = (pid: number): number[] =>
  readdirSync(`/proc/${pid}/task`)
    .flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' '))
    .filter(Boolean)
    .map(Number);

/** The process and all its descendants, parents first. Linux only. */
export function processTree(pid: number): number[] {
  try {
    return [pid, ...children(pid).flatMap(processTree)];
  } catch {
    // It has ended in the meantime.
    return [];
  }
}

/** The name of a process as `ps` shows it. */
export const processTitle = (pid: number): string =>
  readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();

/** Reads the resources of a process; `undefined` if it has ended. Linux only. */
export function sampleProcess(pid: number): ProcessSample | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const residentKb = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0);
    return { pid, descriptors: readdirSync(`/proc/${pid}/fd`).length, residentMb: residentKb / 1024 };
  } catch {
    return undefined;
  }
}
