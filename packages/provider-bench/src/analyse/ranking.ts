import type { SpeechKind } from '@firstword/turn';
import { ascending, percentile } from '@firstword/turn/statistics';
import { differenceAt } from './difference.js';
import { type Percent, samplesToClose } from './quantile.js';

/** Arms are ranked by these percentiles. */
export const RANKED_PERCENTS = [50, 95] as const satisfies readonly Percent[];

/** The place of one arm in a ranking. */
export interface RankedArm {
  armId: string;
  /** 1 + the number of arms that are significantly faster. */
  rank: number;
  valueMs: number;
  /** Arms without a significant difference to this one: a tie, even if the values differ. */
  tiedWith: string[];
}

/** The arms of a run, ranked by one percentile. */
export interface Ranking {
  percent: (typeof RANKED_PERCENTS)[number];
  /** In a run of speech engines: which of them; an STT is not compared with a TTS. */
  kind?: SpeechKind;
  /** Fastest first; ties by value. */
  arms: RankedArm[];
  /** Arms with too few answers for this percentile; they tie with all others. */
  tooFew: string[];
}

/** The latencies of one arm, ms. */
export interface RankedTimes {
  armId: string;
  timesMs: readonly number[];
}

/** Ranks the arms that were answered. Every pair is compared, and all comparisons hold jointly in 95 of 100 runs. */
export function rankingAt(all: readonly RankedTimes[], percent: Ranking['percent']): Ranking {
  const arms = all.filter(({ timesMs }) => timesMs.length > 0);
  const comparisons = (arms.length * (arms.length - 1)) / 2;
  /** For each arm, the arms that are significantly faster. */
  const fasterThan = arms.map(() => new Set<number>());
  for (const [i, a] of arms.entries()) {
    for (const [j, b] of arms.entries()) {
      if (j <= i) continue;
      const seed = 1 + i * arms.length + j;
      const verdict = differenceAt(a.timesMs, b.timesMs, { percent, comparisons, seed })?.verdict;
      if (verdict === 'slower') fasterThan[j]!.add(i);
      if (verdict === 'faster') fasterThan[i]!.add(j);
    }
  }
  const ranked = arms.map(({ armId, timesMs }, i) => ({
    armId,
    rank: 1 + fasterThan[i]!.size,
    valueMs: percentile(ascending(timesMs), percent),
    tiedWith: arms.flatMap((other, j) =>
      i === j || fasterThan[i]!.has(j) || fasterThan[j]!.has(i) ? [] : [other.armId],
    ),
  }));
  return {
    percent,
    arms: ranked.sort((a, b) => a.rank - b.rank || a.valueMs - b.valueMs),
    tooFew: arms.filter(({ timesMs }) => timesMs.length < samplesToClose(percent)).map(({ armId }) => armId),
  };
}
