import {
  ascending,
  percentile,
  percentileInterval,
  RESAMPLES,
  seededRandom,
} from '@firstword/turn/statistics';

/** Times of one arm, ms: one list for each block. Blocks with the same index ran one after another. */
export type BlockTimes = readonly (readonly number[])[];

/** A statistic with its 95 % interval. */
export interface BlockStatistic {
  value: number;
  low: number;
  high: number;
}

const percentileOf = (values: readonly number[], percent: number) => percentile(ascending(values), percent);

/**
 * A statistic of several arms. Its interval comes from a bootstrap that draws whole rounds: the blocks of all arms with the
 * same index together, because what else the machine did then affected all of them, and requests within a block are not
 * independent.
 * @param arms each with the same number of blocks, at least one
 */
export function blockStatistic(
  arms: readonly BlockTimes[],
  statistic: (arms: readonly (readonly number[])[]) => number,
): BlockStatistic {
  const rounds = arms[0]!.length;
  const random = seededRandom(1);
  const drawn = (indices: readonly number[]) => arms.map((blocks) => indices.flatMap((at) => blocks[at]!));
  const all = Array.from({ length: rounds }, (_, at) => at);
  const resampled = Array.from({ length: RESAMPLES }, () =>
    statistic(drawn(all.map(() => random.integer(0, rounds - 1)))),
  ).filter(Number.isFinite);
  const value = statistic(drawn(all));
  return resampled.length === 0
    ? { value, low: value, high: value }
    : { value, ...percentileInterval(resampled) };
}

/** By how much a percentile of one arm is above that of another, ms: what a gateway adds to the direct arm, for example. */
export const addedMs = (arm: BlockTimes, other: BlockTimes, percent: number): BlockStatistic =>
  blockStatistic([arm, other], ([a, b]) => percentileOf(a!, percent) - percentileOf(b!, percent));

/** What one arm adds, as a share of what another adds, at a percentile. */
export const shareOfAdded = (
  arm: BlockTimes,
  other: BlockTimes,
  direct: BlockTimes,
  percent: number,
): BlockStatistic =>
  blockStatistic([arm, other, direct], (times) => {
    const [mine, theirs, base] = times.map((values) => percentileOf(values, percent)) as [
      number,
      number,
      number,
    ];
    return (mine - base) / (theirs - base);
  });
