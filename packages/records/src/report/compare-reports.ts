import { type Segment, toMarkGrid } from '@firstword/turn';
import { percentileInterval, resampledRanks } from '@firstword/turn/statistics';
import type { Analysis } from './analyse.js';
import { REPORT_PERCENTS, valueAt } from './percentiles.js';
import type { Measure, TurnReport } from './turn-report.js';

/** The difference of a percentile of B from that of A, with its 95 % interval; below 0, B is faster. */
export interface PercentileDifference {
  percent: (typeof REPORT_PERCENTS)[number];
  aMs: number;
  bMs: number;
  differenceMs: number;
  lowMs: number;
  highMs: number;
  /** `unclear` where the interval includes 0. */
  verdict: 'fell' | 'rose' | 'unclear';
}

/** Mean time of a segment per turn in A and in B. */
export interface SegmentChange {
  name: Segment['name'];
  aMs: number;
  bMs: number;
}

/** Two sets of turns side by side. */
export interface ReportComparison {
  type: 'report-comparison';
  schema: 'firstword.report-comparison/1';
  measure: Measure;
  a: TurnReport;
  b: TurnReport;
  /** Empty where one of them has no turn with the measure. */
  differences: PercentileDifference[];
  /** The largest first. */
  segments: SegmentChange[];
}

/** One percentile of every bootstrap resample of a side. */
const resampled = ({ sortedMs }: Analysis, measure: Measure, percent: number, seed: number): number[] =>
  resampledRanks(sortedMs[measure].length, percent, { seed }).map((rank) => valueAt(sortedMs[measure], rank));

function percentilesOf(report: TurnReport, measure: Measure) {
  return report.measure === measure ? report.gap : report.otherMeasure?.gap;
}

function differenceAt(a: Analysis, b: Analysis, measure: Measure, at: number): PercentileDifference {
  const percent = REPORT_PERCENTS[at]!;
  const key = `p${percent}` as const;
  const aMs = percentilesOf(a.report, measure)![key].valueMs;
  const bMs = percentilesOf(b.report, measure)![key].valueMs;
  // The two sides are resampled independently: their turns are not paired.
  const as = resampled(a, measure, percent, 2 * at + 1);
  const bs = resampled(b, measure, percent, 2 * at + 2);
  const { low, high } = percentileInterval(bs.map((value, draw) => value - as[draw]!));
  const [lowMs, highMs] = [toMarkGrid(low), toMarkGrid(high)];
  const verdict = highMs < 0 ? 'fell' : lowMs > 0 ? 'rose' : 'unclear';
  return { percent, aMs, bMs, differenceMs: toMarkGrid(bMs - aMs), lowMs, highMs, verdict };
}

function segmentChanges(a: TurnReport, b: TurnReport): SegmentChange[] {
  if (a.segments.length === 0 || b.segments.length === 0) return [];
  const perTurn = (report: TurnReport) => {
    const totals = new Map<Segment['name'], number>();
    for (const { name, totalMs } of report.segments) totals.set(name, (totals.get(name) ?? 0) + totalMs);
    const turns = report.measure === 'feltGap' ? (report.gap?.count ?? 0) : 0;
    return new Map([...totals].map(([name, totalMs]) => [name, turns > 0 ? totalMs / turns : 0]));
  };
  const [before, after] = [perTurn(a), perTurn(b)];
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((name) => ({ name, aMs: toMarkGrid(before.get(name) ?? 0), bMs: toMarkGrid(after.get(name) ?? 0) }))
    .sort((x, y) => Math.abs(y.bMs - y.aMs) - Math.abs(x.bMs - x.aMs));
}

/** Compares B with A by the same measure: the felt gap if both have it. */
export function compareReports(a: Analysis, b: Analysis): ReportComparison {
  const both = (measure: Measure) => percentilesOf(a.report, measure) && percentilesOf(b.report, measure);
  const measure: Measure = both('feltGap') || !both('firstFrame') ? 'feltGap' : 'firstFrame';
  return {
    type: 'report-comparison',
    schema: 'firstword.report-comparison/1',
    measure,
    a: a.report,
    b: b.report,
    differences: both(measure) ? REPORT_PERCENTS.map((_, at) => differenceAt(a, b, measure, at)) : [],
    segments: segmentChanges(a.report, b.report),
  };
}
