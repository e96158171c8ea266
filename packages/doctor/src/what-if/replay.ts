import type { Estimate } from '@firstword/records';
import {
  ascending,
  oneOf,
  percentile,
  percentileInterval,
  type Random,
  resamplesOf,
  seededRandom,
} from '@firstword/turn/statistics';

/** Draws of each turn, to average out chance; fewer where there are very many turns. */
const MAX_DRAWS = 25;
const MAX_REPLAYS = 150_000;

/** One recorded silence, and how long it is with the changes for each draw. */
export interface Replayed {
  beforeMs: number;
  afterMs: readonly number[];
}

/**
 * Replays every silence, several times because a change may draw random times.
 */
export function replay<Item>(
  items: readonly Item[],
  { beforeMs, afterMs }: { beforeMs(item: Item): number; afterMs(item: Item, random: Random): number },
  seed: number,
): Replayed[] {
  const random = seededRandom(seed);
  const draws = Math.max(1, Math.min(MAX_DRAWS, Math.floor(MAX_REPLAYS / Math.max(1, items.length))));
  return items.map((item) => ({
    beforeMs: beforeMs(item),
    afterMs: Array.from({ length: draws }, () => afterMs(item, random)),
  }));
}

/** A percentile before, after, and how much shorter it is (negative: longer); 95 % bootstrap intervals. */
export interface PercentileShift {
  before: Estimate;
  after: Estimate;
  saved: Estimate;
}

function estimateOf(valueMs: number, drawn: readonly number[]): Estimate {
  if (drawn.length === 0) return { valueMs };
  const { low, high } = percentileInterval(drawn);
  return { valueMs, lowMs: low, highMs: high };
}

interface Gaps {
  before: number;
  after: number;
}

/** Percentiles over turns resampled with replacement: of the gap without the change, and of one random replay with it. */
function resampled(turns: readonly Replayed[], random: Random, percents: readonly number[]): Gaps[] {
  const before = new Float64Array(turns.length);
  const after = new Float64Array(turns.length);
  for (let at = 0; at < turns.length; at += 1) {
    const turn = oneOf(turns, random);
    before[at] = turn.beforeMs;
    after[at] = oneOf(turn.afterMs, random);
  }
  before.sort();
  after.sort();
  return percents.map((percent) => ({
    before: percentile(before, percent),
    after: percentile(after, percent),
  }));
}

/** The percentiles over all turns, each drawn once; of these the mean. Pooled draws would interpolate elsewhere than the turns do. */
function meanAfter(turns: readonly Replayed[], percents: readonly number[]): number[] {
  const draws = Math.max(...turns.map(({ afterMs }) => afterMs.length));
  const sums = percents.map(() => 0);
  for (let draw = 0; draw < draws; draw += 1) {
    const sorted = ascending(turns.map(({ afterMs }) => afterMs[draw % afterMs.length]!));
    for (const [at, percent] of percents.entries()) sums[at]! += percentile(sorted, percent);
  }
  return sums.map((sum) => sum / draws);
}

/** The shift of each percentile. The intervals include the spread of the turns and of the random draws. */
export function shiftsOf(
  turns: readonly Replayed[],
  percents: readonly number[],
  seed: number,
): PercentileShift[] {
  const random = seededRandom(seed + 1);
  const before = ascending(turns.map(({ beforeMs }) => beforeMs));
  const after = meanAfter(turns, percents);
  const resamples = turns.length < 2 ? 0 : resamplesOf(turns.length);
  const drawn = Array.from({ length: resamples }, () => resampled(turns, random, percents));
  return percents.map((percent, at) => {
    const found = { before: percentile(before, percent), after: after[at]! };
    const pick = (of: (gaps: Gaps) => number) =>
      estimateOf(
        of(found),
        drawn.map((gaps) => of(gaps[at]!)),
      );
    return {
      before: pick((gaps) => gaps.before),
      after: pick((gaps) => gaps.after),
      saved: pick((gaps) => gaps.before - gaps.after),
    };
  });
}
