import { percentile } from '@firstword/records';
import { ascending } from '@firstword/turn/statistics';
import { differenceAt } from './difference.js';
import { type Percent, samplesToClose } from './quantile.js';

/** The percentiles that are ranked by: how fast usually, and how fast nearly always. */
export const RANKED_PERCENTS = [50, 95] as const satisfies readonly Percent[];

export interface RankedArm {
  armId: string;
  /** 1 + the number of arms that are shown to be faster. */
  rank: number;
  valueMs: number;
  /** Arms of which neither is shown to be faster: a tie, whatever the two values are. */
  tiedWith: string[];
}

export interface Ranking {
  percent: (typeof RANKED_PERCENTS)[number];
  /** Fastest first; ties by value. */
  arms: RankedArm[];
  /** Arms with too few answers for this percentile: they are tied with all others. */
  tooFew: string[];
}

export interface RankedTimes {
  armId: string;
  timesMs: readonly number[];
}

/** Ranks the arms that were answered; every pair is compared, and all comparisons hold together in 95 of 100 runs. */
export function rankingAt(all: readonly RankedTimes[], percent: Ranking['percent']): Ranking {
  const arms = all.filter(({ timesMs }) => timesMs.length > 0);
  const comparisons = (arms.length * (arms.length - 1)) / 2;
  const beaten = arms.map(() => new Set<number>());
  for (const [i, a] of arms.entries()) {
    for (const [j, b] of arms.entries()) {
      if (j <= i) continue;
      const seed = 1 + i * arms.length + j;
      const verdict = differenceAt(a.timesMs, b.timesMs, { percent, comparisons, seed })?.verdict;
      if (verdict === 'slower') beaten[j]!.add(i);
      if (verdict === 'faster') beaten[i]!.add(j);
    }
  }
  const ranked = arms.map(({ armId, timesMs }, i) => ({
    armId,
    rank: 1 + beaten[i]!.size,
    valueMs: percentile(ascending(timesMs), percent),
    tiedWith: arms.flatMap((other, j) =>
      i === j || beaten[i]!.has(j) || beaten[j]!.has(i) ? [] : [other.armId],
    ),
  }));
  return {
    percent,
    arms: ranked.sort((a, b) => a.rank - b.rank || a.valueMs - b.valueMs),
    tooFew: arms.filter(({ timesMs }) => timesMs.length < samplesToClose(percent)).map(({ armId }) => armId),
  };
}
