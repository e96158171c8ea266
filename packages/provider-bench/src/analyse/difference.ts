import {
  ascending,
  FAR_TAIL_RESAMPLES,
  percentile,
  percentileInterval,
  resampledRanks,
} from '@firstword/turn/statistics';
import { type Percent, samplesToClose } from './quantile.js';

/** The difference of two sets of times (B − A) at one percentile, with its bootstrap interval. */
export interface ArmDifference {
  percent: Percent;
  aMs: number;
  bMs: number;
  /** B − A. */
  differenceMs: number;
  lowMs: number;
  highMs: number;
  /** B compared with A. `too-few`: a side has too few values for a closed interval at this percentile. */
  verdict: 'faster' | 'slower' | 'no-difference-shown' | 'too-few';
}

function drawn(sorted: readonly number[], percent: Percent, seed: number): number[] {
  const last = sorted.length - 1;
  return resampledRanks(sorted.length, percent, { seed, resamples: FAR_TAIL_RESAMPLES }).map((rank) =>
    last > 0 ? percentile(sorted, (100 * rank) / last) : sorted[0]!,
  );
}

/**
 * B − A at a percentile, with the bootstrap interval of the difference (percentile method). The two sides are resampled
 * independently, because their requests are not paired.
 * @param options.comparisons number of comparisons made together. The error level of 5 % is divided among them
 *   (Bonferroni), so that in 95 of 100 runs none of them reports a difference that does not exist.
 * @param options.seed of the bootstrap; default 1
 * @returns `undefined` where a side has no values
 */
export function differenceAt(
  a: readonly number[],
  b: readonly number[],
  options: { percent: Percent; comparisons: number; seed?: number },
): ArmDifference | undefined {
  if (a.length === 0 || b.length === 0) return undefined;
  const { percent, comparisons, seed = 1 } = options;
  const [sortedA, sortedB] = [ascending(a), ascending(b)];
  const [aMs, bMs] = [percentile(sortedA, percent), percentile(sortedB, percent)];
  const drawnA = drawn(sortedA, percent, 2 * seed);
  const differences = drawn(sortedB, percent, 2 * seed + 1).map((value, i) => value - drawnA[i]!);
  const tailPercent = 2.5 / Math.max(1, comparisons);
  const { low: lowMs, high: highMs } = percentileInterval(differences, tailPercent);
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
