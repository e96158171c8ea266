import type { BlockResult, FuzzBlock } from './block.js';

/** A block should take about this long, ms: long enough that its start costs nothing, short enough to stop soon. */
const BLOCK_MS = 2_000;
const FIRST_BLOCK = 200;
const MAX_BLOCK = 100_000;

/** How far a target has come. */
export interface TargetProgress {
  name: string;
  /** Every input before this number has been read. */
  done: number;
  /** Time of one thread, ms. */
  ms: number;
  slowestMs: number;
  /** Number of the input that took `slowestMs`. */
  slowest: number;
  /** Largest growth of memory that a thread saw, MB. */
  growthMb: number;
}

/** What a run has read, as it is kept in a file between runs. */
export interface FuzzProgress {
  type: 'firstword.fuzz';
  seed: number;
  targets: TargetProgress[];
}

interface State {
  progress: TargetProgress;
  /** Number of the next input to hand out. */
  next: number;
  to: number;
  /** Inputs per ms of the last block. */
  rate: number | undefined;
  open: Set<FuzzBlock>;
  hasFailed: boolean;
}

/** Progress of a target that begins with input `from`. */
export const newProgress = (name: string, from: number): TargetProgress => ({
  name,
  done: from,
  ms: 0,
  slowestMs: 0,
  slowest: from,
  growthMb: 0,
});

/** Shares the inputs among threads in blocks, so that all targets get on evenly, and knows which inputs were read. */
export class FuzzPlan {
  readonly #seed: number;
  readonly #states: State[];

  /** @param options `to`: number after the last input of each target */
  constructor({ seed, targets, to }: { seed: number; targets: readonly TargetProgress[]; to: number }) {
    this.#seed = seed;
    this.#states = targets.map((progress) => ({
      progress,
      next: progress.done,
      to,
      rate: undefined,
      open: new Set(),
      hasFailed: false,
    }));
  }

  /** The next block, of the target that is furthest behind; `undefined` if all are handed out. */
  next(): FuzzBlock | undefined {
    const left = this.#states.filter(({ next, to, hasFailed }) => next < to && !hasFailed);
    const state = left.sort((a, b) => a.next - b.next)[0];
    if (!state) return undefined;
    const size = state.rate === undefined ? FIRST_BLOCK : Math.ceil(state.rate * BLOCK_MS);
    const count = Math.min(size, MAX_BLOCK, state.to - state.next);
    const block = { target: state.progress.name, seed: this.#seed, from: state.next, count };
    state.next += count;
    state.open.add(block);
    return block;
  }

  /** Takes the result of a block. Of a failed target no more blocks are handed out. */
  finish(block: FuzzBlock, result: BlockResult, growthMb: number): void {
    const state = this.#states.find(({ progress }) => progress.name === block.target)!;
    const { progress } = state;
    state.open.delete(block);
    if (!result.ok) {
      state.next = Math.min(state.next, result.input);
      state.hasFailed = true;
    } else {
      state.rate = block.count / Math.max(1, result.ms);
      progress.ms += result.ms;
      progress.growthMb = Math.max(progress.growthMb, growthMb);
      if (result.slowestMs > progress.slowestMs)
        Object.assign(progress, { slowestMs: result.slowestMs, slowest: result.slowest });
    }
    progress.done = Math.min(state.next, ...[...state.open].map(({ from }) => from));
  }

  /** What has been read by now. */
  get progress(): FuzzProgress {
    return {
      type: 'firstword.fuzz',
      seed: this.#seed,
      targets: this.#states.map(({ progress }) => progress),
    };
  }
}
