import { readdir, readFile } from 'node:fs/promises';

/** CPU time used so far, user and system, ms. */
export interface CpuTime {
  /** This process, its worker threads included. */
  ownMs: number;
  /** All descendant processes, exited ones included; only available on Linux (/proc). */
  childrenMs?: number;
}

/** CPU time and wall time of a call, ms. */
export interface CpuCost extends CpuTime {
  wallMs: number;
}

/** A clock tick of /proc: USER_HZ is 100 on every Linux that Node runs on. */
const TICK_MS = 10;

/** Parses /proc/PID/stat. The process name in parentheses may contain any character, so parsing starts after it. */
function parseStat(stat: string): { parent: number; usedMs: number; endedChildrenMs: number } {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = (...at: number[]) => at.reduce((sum, i) => sum + Number(fields[i]), 0) * TICK_MS;
  return { parent: Number(fields[1]), usedMs: ticks(11, 12), endedChildrenMs: ticks(13, 14) };
}

type Stats = ReadonlyMap<number, ReturnType<typeof parseStat>>;

async function readStats(): Promise<Stats> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const read = await Promise.all(
    // A process may exit between listing and reading.
    pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)),
  );
  return new Map(
    pids.flatMap((pid, i) => (read[i] === undefined ? [] : [[Number(pid), parseStat(read[i])]])),
  );
}

/** CPU time of all descendants of a process, exited ones included, ms. */
function belowMs(pid: number, stats: Stats): number {
  const children = [...stats].filter(([, { parent }]) => parent === pid);
  return children.reduce(
    (sum, [child, { usedMs }]) => sum + usedMs + belowMs(child, stats),
    stats.get(pid)?.endedChildrenMs ?? 0,
  );
}

/** CPU time of this process and its descendants since they started. */
export async function cpuTime(): Promise<CpuTime> {
  const { user, system } = process.cpuUsage();
  const ownMs = (user + system) / 1000;
  const stats = await readStats().catch(() => undefined);
  return { ownMs, ...(stats?.has(process.pid) ? { childrenMs: belowMs(process.pid, stats) } : {}) };
}

/** The CPU time used between two readings. */
export function cpuCost(before: CpuTime, after: CpuTime, wallMs: number): CpuCost {
  const known = before.childrenMs !== undefined && after.childrenMs !== undefined;
  return {
    wallMs,
    ownMs: after.ownMs - before.ownMs,
    ...(known ? { childrenMs: after.childrenMs! - before.childrenMs! } : {}),
  };
}

/** Average cores used during a call, 0 to the number of cores; `undefined` where the child processes are not known. */
export function coreShare({ ownMs, childrenMs, wallMs }: CpuCost): number | undefined {
  return childrenMs === undefined || wallMs <= 0 ? undefined : (ownMs + childrenMs) / wallMs;
}
