import { readFileSync } from 'node:fs';
import { processTree, sampleProcess } from '../soak/process-sample.js';

/** Linux counts CPU time in hundredths of a second (`getconf CLK_TCK`), whatever the kernel's own tick is. */
const MS_PER_TICK = 10;

/** User plus system time in a line of `/proc/PID/stat`, ms. The name in brackets may contain spaces and brackets. */
export function cpuMsOf(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}

/** User plus system time of one process, ms; 0 if it has ended. Linux only. */
function cpuMs(pid: number): number {
  try {
    return cpuMsOf(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return 0;
  }
}

/** CPU time of a process and its descendants, ms. Linux only. */
export const treeCpuMs = (pid: number): number => processTree(pid).reduce((sum, one) => sum + cpuMs(one), 0);

/** Resident memory of a process and its descendants, MB. Memory that they share counts for each. Linux only. */
export const treeResidentMb = (pid: number): number =>
  processTree(pid).reduce((sum, one) => sum + (sampleProcess(one)?.residentMb ?? 0), 0);
