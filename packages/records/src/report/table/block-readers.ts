import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { BlockReply, BlockThreadSetup } from './block-protocol.js';
import { type BlockContent, readBlock } from './record-block.js';
import { Slowest } from './slowest.js';

/** Each takes some 100 MB, and the main thread keeps up with no more. */
const MAX_THREADS = 4;
/** Fewer bytes are read sooner than a thread starts. */
const MIN_BYTES = 16 * 1024 * 1024;
/** Blocks that a thread holds: one that it reads, and the next. */
const BLOCKS_A_THREAD = 2;

/** Reads blocks, of which several at a time may be under way. */
export interface BlockReader {
  /** Blocks that may be under way. */
  readonly capacity: number;
  read(bytes: Uint8Array<ArrayBuffer>): Promise<BlockContent>;
  close(): Promise<void>;
}

/** How many threads read this many bytes; 0 if the main thread does. */
export const threadsFor = (bytes: number, processors: number = availableParallelism()): number =>
  bytes < MIN_BYTES || processors < 2 ? 0 : Math.min(MAX_THREADS, processors);

/** @param options `slowest`: how many of the slowest turns are wanted */
export function openBlockReader(options: { threads: number; slowest: number }): BlockReader {
  const { threads, slowest } = options;
  return threads === 0 ? hereReader(slowest) : threadReader(threads, { slowest });
}

/** Reads in this thread, and lets other events in between two blocks. */
function hereReader(most: number): BlockReader {
  const slowest = { gaps: new Slowest(most), frames: new Slowest(most) };
  return {
    capacity: 1,
    read: async (bytes) => {
      await setImmediate();
      return readBlock(bytes, slowest);
    },
    close: async () => {},
  };
}

interface Waiting {
  resolve(content: BlockContent): void;
  reject(error: Error): void;
}

/** One thread, and the blocks that it was given, the first one first. */
class BlockThread {
  readonly #worker: Worker;
  readonly #waiting: Waiting[] = [];
  #failure: Error | undefined;

  constructor(setup: BlockThreadSetup) {
    // The compiled file: tests run this module from its source. Without `execArgv` it inherits the parent's options, of which
    // some, such as --input-type, are errors for a file.
    const script = fileURLToPath(new URL('../../../dist/report/table/block-thread.js', import.meta.url));
    this.#worker = new Worker(script, { workerData: setup, execArgv: [] });
    this.#worker.on('message', (reply: BlockReply) => {
      const waiting = this.#waiting.shift();
      if ('error' in reply) waiting?.reject(new Error(reply.error));
      else waiting?.resolve(reply.content);
    });
    this.#worker.on('error', (error) => this.#fail(error as Error));
    this.#worker.on('exit', () => this.#fail(new Error('the thread that reads turn records has ended')));
  }

  get load(): number {
    return this.#waiting.length;
  }

  read(bytes: Uint8Array<ArrayBuffer>): Promise<BlockContent> {
    return new Promise((resolve, reject) => {
      if (this.#failure) {
        reject(this.#failure);
        return;
      }
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(bytes, [bytes.buffer]);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
  }
}

function threadReader(count: number, setup: BlockThreadSetup): BlockReader {
  const threads = Array.from({ length: count }, () => new BlockThread(setup));
  return {
    capacity: BLOCKS_A_THREAD * count,
    read: (bytes) => threads.reduce((least, one) => (one.load < least.load ? one : least)).read(bytes),
    close: async () => {
      await Promise.all(threads.map((one) => one.close()));
    },
  };
}
