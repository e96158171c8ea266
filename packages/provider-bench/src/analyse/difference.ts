import { percentile, resampledRanks } from '@firstword/records';
import { ascending } from '@firstword/turn/statistics';
import { type Percent, samplesToClose } from './quantile.js';

/** More than for a 95 % interval: among many comparisons each has to hold at a higher level. */
const RESAMPLES = 4000;

/** How far the second set of times lies from the first at one percentile. */
export interface PercentileDifference {
  percent: Percent;
  aMs: number;
  bMs: number;
  /** B − A. */
  differenceMs: number;
  lowMs: number;
  highMs: number;
  /** What is shown of B: `too-few` where not even its own interval, or A's, is closed. */
  verdict: 'faster' | 'slower' | 'no-difference-shown' | 'too-few';
}

function drawn(sorted: readonly number[], percent: Percent, seed: number): number[] {
  const last = sorted.length - 1;
  return resampledRanks(sorted.length, percent, { seed, resamples: RESAMPLES }).map((rank) =>
    last > 0 ? percentile(sorted, (100 * rank) / last) : sorted[0]!,
  );
}

/**
 * B − A at a percentile, with the bootstrap interval of the difference (percentile method). The sides are drawn apart:
 * their requests are no pairs.
 * @param options.comparisons how many are made together: each is held to 95 % divided among them (Bonferroni), so that
 *   in 95 of 100 runs none of them claims a difference that is not there
 * @returns `undefined` where a side has no values
 */
export function differenceAt(
  a: readonly number[],
  b: readonly number[],
  options: { percent: Percent; comparisons: number; seed?: number },
): PercentileDifference | undefined {
  if (a.length === 0 || b.length === 0) return undefined;
  const { percent, comparisons, seed = 1 } = options;
  const [sortedA, sortedB] = [ascending(a), ascending(b)];
  const [aMs, bMs] = [percentile(sortedA, percent), percentile(sortedB, percent)];
  const drawnA = drawn(sortedA, percent, 2 * seed);
  const differences = ascending(drawn(sortedB, percent, 2 * seed + 1).map((value, i) => value - drawnA[i]!));
  const tailPercent = 2.5 / Math.max(1, comparisons);
  const lowMs = percentile(differences, tailPercent);
  const highMs = percentile(differences, 100 - tailPercent);
  const isEnough = Math.min(a.length, b.length) >= samplesToClose(percent);
  const verdict = !isEnough
    ? 'too-few'
    : highMs < 0
      ? 'faster'
      : lowMs > 0
        ? 'slower'
        : 'no-difference-shown';
  return { percent, aMs, bMs, differenceMs: bMs - aMs, lowMs, highMs, verdict };
}
