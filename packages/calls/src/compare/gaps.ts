import type { Distribution, Estimate } from '@firstword/records';
import { ascending, intervalOf, percentile } from '@firstword/turn/statistics';
import type { CallOutcome } from './outcome.js';
import { clusterOf, type GapPair } from './ratio.js';

/** The felt gap of one line in one round. The same line of another round has the same `line`. */
export interface LineGap {
  round: number;
  line: string;
  /** Who says the line, where that is known. */
  speaker?: string | undefined;
  gapMs: number;
}

/** All felt gaps of these calls. */
export function gapsOf(calls: readonly CallOutcome[]): LineGap[] {
  return calls.flatMap(({ round, call, lines }) =>
    lines.flatMap(({ line, gapMs, speaker }) =>
      gapMs === undefined ? [] : [{ round, line: `${call}/${line}`, speaker, gapMs }],
    ),
  );
}

/** Pairs the gaps of lines that have one in both arms, in the same round. */
export function pairsOf(base: readonly CallOutcome[], other: readonly CallOutcome[]): GapPair[] {
  const inOther = new Map(gapsOf(other).map(({ round, line, gapMs }) => [`${round}/${line}`, gapMs]));
  return gapsOf(base).flatMap(({ round, line, speaker, gapMs }) => {
    const otherMs = inOther.get(`${round}/${line}`);
    return otherMs === undefined ? [] : [{ line, speaker, baseMs: gapMs, otherMs }];
  });
}

const at = (gaps: readonly LineGap[], percent: number) =>
  percentile(ascending(gaps.map(({ gapMs }) => gapMs)), percent);

/** A percentile with its 95 % bootstrap interval, resampled by speaker or line. */
export function estimateOf(gaps: readonly LineGap[], percent: number, seed: number): Estimate {
  const interval = intervalOf(gaps, clusterOf, (drawn) => at(drawn, percent), { seed });
  const valueMs = at(gaps, percent);
  return interval ? { valueMs, lowMs: interval.low, highMs: interval.high } : { valueMs };
}

/** The distribution of felt gaps; `undefined` for no gaps. */
export function gapDistribution(gaps: readonly LineGap[], seed: number): Distribution | undefined {
  if (gaps.length === 0) return undefined;
  return {
    count: gaps.length,
    minMs: at(gaps, 0),
    maxMs: at(gaps, 100),
    p50: estimateOf(gaps, 50, seed),
    p95: estimateOf(gaps, 95, seed),
    p99: estimateOf(gaps, 99, seed),
  };
}
