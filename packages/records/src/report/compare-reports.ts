import { type Segment, toMarkGrid } from '@firstword/turn';
import { percentileInterval, resampledRanks } from '@firstword/turn/statistics';
import type { QueryEngine } from '../engine/engine.js';
import { REPORT_PERCENTS } from './percentiles.js';
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

const COLUMN: Record<Measure, string> = { feltGap: 'gapMs', firstFrame: 'frameMs' };

/** One of two sets of turns: its report, and the database that still holds its turns. */
export interface ComparisonSide {
  report: TurnReport;
  engine: QueryEngine;
}

/** One percentile of every bootstrap resample of a side. */
async function resampled(
  side: ComparisonSide,
  measure: Measure,
  percent: number,
  seed: number,
): Promise<number[]> {
  const { count } = countOf(side.report, measure)!;
  const fractions = resampledRanks(count, percent, { seed }).map((rank) =>
    count > 1 ? rank / (count - 1) : 0,
  );
  const [found] = await side.engine.rows<{ q: number[] }>(
    `SELECT quantile_cont(${COLUMN[measure]}, [${fractions.join(', ')}]) AS q FROM turns WHERE ${where(side.report, measure)}`,
  );
  return found!.q;
}

const where = (report: TurnReport, measure: Measure) =>
  report.measure === measure ? 'true' : 'gapMs IS NULL';

function countOf(report: TurnReport, measure: Measure) {
  return report.measure === measure ? report.gap : report.otherMeasure?.gap;
}

async function differenceAt(
  a: ComparisonSide,
  b: ComparisonSide,
  measure: Measure,
  at: number,
): Promise<PercentileDifference> {
  const percent = REPORT_PERCENTS[at]!;
  const key = `p${percent}` as const;
  const aMs = countOf(a.report, measure)![key].valueMs;
  const bMs = countOf(b.report, measure)![key].valueMs;
  // The two sides are resampled independently: their turns are not paired.
  const [as, bs] = [
    await resampled(a, measure, percent, 2 * at + 1),
    await resampled(b, measure, percent, 2 * at + 2),
  ];
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
export async function compareReports(a: ComparisonSide, b: ComparisonSide): Promise<ReportComparison> {
  const both = (measure: Measure) => countOf(a.report, measure) && countOf(b.report, measure);
  const measure: Measure = both('feltGap') || !both('firstFrame') ? 'feltGap' : 'firstFrame';
  const differences: PercentileDifference[] = [];
  if (both(measure)) {
    for (const at of REPORT_PERCENTS.keys()) differences.push(await differenceAt(a, b, measure, at));
  }
  return {
    type: 'report-comparison',
    schema: 'firstword.report-comparison/1',
    measure,
    a: a.report,
    b: b.report,
    differences,
    segments: segmentChanges(a.report, b.report),
  };
}
