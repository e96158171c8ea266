import type { TimedWords } from '@firstword/livekit';
import { alignColumns } from '@firstword/records';
import { sameWords } from '@firstword/turn';
import { ascending, type Interval, intervalOf, mean, percentile } from '@firstword/turn/statistics';
import type { TracedLine } from './trace-lines.js';

/** Results of one variant over all lines. */
export interface TimingReport {
  variant: string;
  lines: number;
  /** Lines with a speculation on the final words before the final transcript. */
  speculatedLines: number;
  /** Median time from the last speech sample to that speculation, ms. */
  speculationP50Ms?: number;
  speculationP95Ms?: number;
  interval?: Interval;
  /** Superseded speculations per line: other words followed. */
  superseded: number;
  supersededInterval?: Interval;
  /** The superseded speculations. */
  supersededList: SupersededSpeculation[];
}

/** A speculation that other words superseded. */
export interface SupersededSpeculation extends TimedWords {
  line: string;
  /** The words that superseded it; absent if there were none. */
  by?: TimedWords;
}

/** The speculation on the final words; `undefined` if there is none. */
function keptSpeculation({ speculations, finals }: TracedLine): TimedWords | undefined {
  const last = finals.at(-1);
  return (
    last && speculations.findLast(({ atMs, words }) => atMs <= last.atMs && sameWords(words, last.words))
  );
}

function supersededOf(traced: TracedLine): SupersededSpeculation[] {
  const { line, speculations, finals } = traced;
  const kept = keptSpeculation(traced);
  return speculations
    .filter((start) => start !== kept)
    .map((start) => {
      const later = [...speculations, ...finals].filter(
        ({ atMs, words }) => atMs > start.atMs && !sameWords(words, start.words),
      );
      const by = later.sort((a, b) => a.atMs - b.atMs)[0];
      return { ...start, line, ...(by ? { by } : {}) };
    });
}

/** One report per variant, with 95 % bootstrap intervals over lines. */
export function timingReport(traced: readonly TracedLine[]): TimingReport[] {
  const names = [...new Set(traced.map(({ variant }) => variant))].sort();
  return names.map((variant) => {
    const lines = traced.filter((line) => line.variant === variant);
    const early = lines.flatMap((line) => {
      const kept = keptSpeculation(line);
      return kept ? [{ line: line.line, atMs: kept.atMs }] : [];
    });
    const at = (percent: number) => (drawn: readonly { atMs: number }[]) =>
      percentile(ascending(drawn.map(({ atMs }) => atMs)), percent);
    const median = at(50);
    const wasted = (drawn: readonly TracedLine[]) => mean(drawn.map((line) => supersededOf(line).length));
    const interval = intervalOf(early, ({ line }) => line, median);
    const supersededInterval = intervalOf(lines, ({ line }) => line, wasted);
    return {
      variant,
      lines: lines.length,
      speculatedLines: early.length,
      ...(early.length > 0 ? { speculationP50Ms: median(early), speculationP95Ms: at(95)(early) } : {}),
      ...(interval ? { interval } : {}),
      superseded: wasted(lines),
      ...(supersededInterval ? { supersededInterval } : {}),
      supersededList: lines.flatMap(supersededOf),
    };
  });
}

const within = (interval: Interval | undefined, digits: number) =>
  interval ? ` (${interval.low.toFixed(digits)}–${interval.high.toFixed(digits)})` : '';

/** The reports as a table. */
export function renderTimingReport(reports: readonly TimingReport[]): string {
  const rows = reports.map((r) => [
    r.variant,
    `${r.speculatedLines} of ${r.lines}`,
    r.speculationP50Ms === undefined ? '–' : `${r.speculationP50Ms.toFixed(0)}${within(r.interval, 0)}`,
    r.speculationP95Ms === undefined ? '–' : r.speculationP95Ms.toFixed(0),
    `${r.superseded.toFixed(2)}${within(r.supersededInterval, 2)}`,
  ]);
  return alignColumns([
    ['variant', 'speculated', 'speculation p50 ms', 'p95', 'superseded per line'],
    ...rows,
  ]);
}
