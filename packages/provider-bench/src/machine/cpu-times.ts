import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';

/** CPU time of all cores together since boot, in ticks. The unit depends on the platform; only ratios are used. */
export interface CpuTimes {
  totalTicks: number;
  idleTicks: number;
  /** Time that the hypervisor gave to other guests; absent where the system does not report it. */
  stealTicks?: number;
}

/** Busy and stolen shares of the CPU time between two readings, 0 to 1. */
export interface CpuShares {
  cpuShare: number;
  stealShare?: number;
}

/**
 * Reads the first line of Linux's /proc/stat: user nice system idle iowait irq softirq steal.
 * @returns `undefined` for any other text
 */
export function parseProcStat(text: string): CpuTimes | undefined {
  const fields = /^cpu\s+([\d ]+)/.exec(text)?.[1]?.split(' ').map(Number) ?? [];
  if (fields.length < 8) return undefined;
  const [user, nice, system, idle, iowait, irq, softirq, steal] = fields as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const totalTicks = user + nice + system + idle + iowait + irq + softirq + steal;
  return { totalTicks, idleTicks: idle + iowait, stealTicks: steal };
}

function osTimes(): CpuTimes {
  const sums = { totalTicks: 0, idleTicks: 0 };
  for (const { times } of cpus()) {
    sums.idleTicks += times.idle;
    sums.totalTicks += times.user + times.nice + times.sys + times.irq + times.idle;
  }
  return sums;
}

/** The current CPU times; without steal where there is no /proc. */
export async function readCpuTimes(): Promise<CpuTimes> {
  const text = await readFile('/proc/stat', 'utf8').catch(() => '');
  return parseProcStat(text) ?? osTimes();
}

/** The shares between two readings; `undefined` where no time has passed. */
export function cpuShares(before: CpuTimes, after: CpuTimes): CpuShares | undefined {
  const totalTicks = after.totalTicks - before.totalTicks;
  if (totalTicks <= 0) return undefined;
  const share = (ticks: number) => Math.min(1, Math.max(0, ticks / totalTicks));
  const steal =
    before.stealTicks === undefined || after.stealTicks === undefined
      ? {}
      : { stealShare: share(after.stealTicks - before.stealTicks) };
  return { cpuShare: share(totalTicks - (after.idleTicks - before.idleTicks)), ...steal };
}
