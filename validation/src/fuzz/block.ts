import { randomOf } from './inputs.js';
import { targetOf } from './targets/index.js';

/** Consecutive inputs of one target. */
export interface FuzzBlock {
  target: string;
  seed: number;
  /** Number of the first input. */
  from: number;
  count: number;
}

/** What was found: nothing, or the first input that failed. */
export type BlockResult =
  | { ok: true; ms: number; slowestMs: number; slowest: number; heapMb: number }
  | { ok: false; input: number; reason: string };

/** An input that takes longer has failed, ms. */
const MAX_MS = 1_000;

/** What takes this long is timed again: another process may have had the core. */
const DOUBTFUL_MS = 100;

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** The shortest of the first time and two more, each no longer than the processor time of the process. */
function shortestMs(firstMs: number, read: () => void): number {
  const times = [1, 2].map(() => {
    const [wall, cpu] = [performance.now(), cpuMs()];
    read();
    return Math.min(performance.now() - wall, cpuMs() - cpu);
  });
  return Math.min(firstMs, ...times);
}

/**
 * Reads the inputs of a block one after another, until one fails.
 * @param options `at` is set to the number of the input that is being read, `heapMb` measures the heap after a collection
 */
export function readBlock(block: FuzzBlock, options: { at: Int32Array; heapMb: () => number }): BlockResult {
  // Many inputs are refused with an error: without its stack, in half the time.
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return readInputs(block, options);
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/** Why a reading failed, with the stack of its error: it is read once more. */
function reasonOf(read: () => void): string {
  Error.stackTraceLimit = 20;
  try {
    read();
    return 'it failed once, and not when it was read again';
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

function readInputs(
  { target: name, seed, from, count }: FuzzBlock,
  { at, heapMb }: { at: Int32Array; heapMb: () => number },
): BlockResult {
  const target = targetOf(name);
  const startMs = performance.now();
  let [slowestMs, slowest] = [0, from];
  for (let input = from; input < from + count; input += 1) {
    Atomics.store(at, 0, input);
    const made = target.make(randomOf(seed, name, input));
    const beforeMs = performance.now();
    try {
      target.read(made);
      let tookMs = performance.now() - beforeMs;
      if (tookMs > DOUBTFUL_MS) tookMs = shortestMs(tookMs, () => target.read(made));
      if (tookMs > slowestMs) [slowestMs, slowest] = [tookMs, input];
      if (tookMs > MAX_MS) return { ok: false, input, reason: `took ${Math.round(tookMs)} ms` };
    } catch {
      return { ok: false, input, reason: reasonOf(() => target.read(made)) };
    }
  }
  return { ok: true, ms: performance.now() - startMs, slowestMs, slowest, heapMb: heapMb() };
}
