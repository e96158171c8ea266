import { percentile } from '@firstword/measure';
import { sameWords } from '@firstword/turn';
import { ascending, type Interval, intervalOf } from '../compare/bootstrap.js';
import { columns } from '../compare/columns.js';
import type { HeardLine } from './hear.js';

/** What one pair of ears brought, over all lines. */
export interface EarsReport {
  ears: string;
  lines: number;
  /** Lines whose last words an answer was started on before they were final. */
  startedEarly: number;
  /** From the last sample to that start, median, ms. */
  startP50Ms?: number;
  interval?: Interval;
  /** Starts a line that came to nothing, because other words followed. */
  superseded: number;
  supersededInterval?: Interval;
}

/** When the answer that the last words keep was started; `undefined` where none was. */
function keptAtMs({ starts, finals }: HeardLine): number | undefined {
  const last = finals.at(-1);
  const kept =
    last && starts.findLast(({ atMs, words }) => atMs <= last.atMs && sameWords(words, last.words));
  return kept?.atMs;
}

const supersededIn = (line: HeardLine) => line.starts.length - (keptAtMs(line) === undefined ? 0 : 1);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** A report for each pair of ears. Intervals are 95 %, lines drawn. */
export function startsReport(heard: readonly HeardLine[]): EarsReport[] {
  const names = [...new Set(heard.map(({ ears }) => ears))].sort();
  return names.map((ears) => {
    const lines = heard.filter((line) => line.ears === ears);
    const early = lines.flatMap((line) => {
      const atMs = keptAtMs(line);
      return atMs === undefined ? [] : [{ line: line.line, atMs }];
    });
    const median = (drawn: readonly { atMs: number }[]) =>
      percentile(ascending(drawn.map(({ atMs }) => atMs)), 50);
    const wasted = (drawn: readonly HeardLine[]) => mean(drawn.map(supersededIn));
    const interval = intervalOf(early, ({ line }) => line, median);
    const supersededInterval = intervalOf(lines, ({ line }) => line, wasted);
    return {
      ears,
      lines: lines.length,
      startedEarly: early.length,
      ...(early.length > 0 ? { startP50Ms: median(early) } : {}),
      ...(interval ? { interval } : {}),
      superseded: wasted(lines),
      ...(supersededInterval ? { supersededInterval } : {}),
    };
  });
}

const within = (interval: Interval | undefined, digits: number) =>
  interval ? ` (${interval.low.toFixed(digits)}–${interval.high.toFixed(digits)})` : '';

export function renderStarts(reports: readonly EarsReport[]): string {
  const rows = reports.map((r) => [
    r.ears,
    `${r.startedEarly} of ${r.lines}`,
    r.startP50Ms === undefined ? '–' : `${r.startP50Ms.toFixed(0)}${within(r.interval, 0)}`,
    `${r.superseded.toFixed(2)}${within(r.supersededInterval, 2)}`,
  ]);
  return columns([['ears', 'started early', 'start p50 ms', 'superseded a line'], ...rows]);
}
