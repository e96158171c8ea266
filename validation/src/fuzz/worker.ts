import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import { randomOf } from './inputs.js';
import { FUZZ_TARGETS } from './targets.js';

/** What the worker is given. */
export interface FuzzJob {
  target: string;
  seed: number;
  from: number;
  count: number;
  /** The number of the input being read, for the watch. */
  at: Int32Array;
}

/** What the worker reports: at the end, or the first failure. */
export type FuzzResult =
  | { ok: true; inputs: number; ms: number; slowestMs: number; slowest: number; heapGrowthMb: number }
  | { ok: false; input: number; reason: string };

/** An input that takes longer has failed, ms of CPU time. */
const MAX_MS = 1_000;
/** More memory than this after a collection is unbounded growth, MB. */
const MAX_GROWTH_MB = 64;
const COLLECT_EVERY = 50_000;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const heapMb = (): number => {
  collect();
  return process.memoryUsage().heapUsed / 2 ** 20;
};
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Reads the inputs of a job one after another. */
export function fuzz({ target: name, seed, from, count, at }: FuzzJob): FuzzResult {
  const target = FUZZ_TARGETS.find((one) => one.name === name)!;
  const startMs = performance.now();
  let [slowestMs, slowest] = [0, from];
  let baseMb: number | undefined;
  let growthMb = 0;
  for (let input = from; input < from + count; input += 1) {
    Atomics.store(at, 0, input);
    const made = target.make(randomOf(seed, name, input));
    const [wall, cpu] = [performance.now(), cpuMs()];
    try {
      target.read(made);
    } catch (error) {
      return {
        ok: false,
        input,
        reason: error instanceof Error ? (error.stack ?? error.message) : String(error),
      };
    }
    // Both: another process may have had the core, and other threads of this one have worked.
    const tookMs = Math.min(performance.now() - wall, cpuMs() - cpu);
    if (tookMs > slowestMs) [slowestMs, slowest] = [tookMs, input];
    if (tookMs > MAX_MS) return { ok: false, input, reason: `took ${Math.round(tookMs)} ms` };
    if ((input - from + 1) % COLLECT_EVERY !== 0) continue;
    const nowMb = heapMb();
    baseMb ??= nowMb;
    growthMb = nowMb - baseMb;
    if (growthMb > MAX_GROWTH_MB)
      return { ok: false, input, reason: `memory has grown by ${Math.round(growthMb)} MB` };
  }
  return {
    ok: true,
    inputs: count,
    ms: performance.now() - startMs,
    slowestMs,
    slowest,
    heapGrowthMb: growthMb,
  };
}

if (parentPort) parentPort.postMessage(fuzz(workerData as FuzzJob));
