import { Worker } from 'node:worker_threads';
import type { BlockResult, FuzzBlock } from './block.js';

/** An input that has not been read after this processor time of all threads never ends, ms. */
const HANG_CPU_MS = 60_000;
const WATCH_MS = 1_000;

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** A thread that reads blocks. An endless loop, or one that takes all memory, ends it; the next block gets a new one. */
export class FuzzThread {
  #worker: Worker | undefined;
  readonly #at = new Int32Array(new SharedArrayBuffer(4));
  /** Memory after the first block of each target, MB: caches are filled by then. */
  #baseMb = new Map<string, number>();

  /** Reads a block. @returns its result, and the growth of memory since the thread's first block of this target, MB */
  async read(block: FuzzBlock): Promise<{ result: BlockResult; growthMb: number }> {
    const result = await this.#run(block);
    if (!result.ok) return { result, growthMb: 0 };
    const baseMb = this.#baseMb.get(block.target);
    if (baseMb === undefined) this.#baseMb.set(block.target, result.heapMb);
    return { result, growthMb: result.heapMb - (baseMb ?? result.heapMb) };
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#baseMb = new Map();
    await worker?.terminate();
  }

  #run(block: FuzzBlock): Promise<BlockResult> {
    this.#worker ??= new Worker(new URL('./worker.js', import.meta.url), {
      workerData: { at: this.#at },
      // Inputs are garbage at once: with a larger space for new objects, few are copied.
      resourceLimits: { maxYoungGenerationSizeMb: 64 },
    });
    const worker = this.#worker;
    return new Promise((resolve, reject) => {
      let last = { input: -1, fromMs: cpuMs() };
      const watch = setInterval(() => {
        const input = Atomics.load(this.#at, 0);
        if (input !== last.input) last = { input, fromMs: cpuMs() };
        else if (cpuMs() - last.fromMs > HANG_CPU_MS) fail('does not end');
      }, WATCH_MS);
      const settle = () => {
        clearInterval(watch);
        // Each by itself: the worker listens to itself, and would not receive messages any more.
        worker.off('message', onMessage).off('error', onError);
      };
      const fail = (reason: string) => {
        settle();
        void this.close();
        resolve({ ok: false, input: Atomics.load(this.#at, 0), reason });
      };
      const onMessage = (result: BlockResult) => {
        settle();
        resolve(result);
      };
      const onError = (error: Error) => {
        if ('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') return fail(error.message);
        // Not an input: the program itself.
        settle();
        reject(error);
      };
      worker.once('message', onMessage).once('error', onError);
      worker.postMessage(block);
    });
  }
}
