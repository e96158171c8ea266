import type { TimedWords } from '@firstword/livekit';
import { alignColumns } from '@firstword/records';
import { sameWords } from '@firstword/turn';
import { ascending, type Interval, intervalOf, percentile } from '@firstword/turn/statistics';
import type { HeardLine } from './hear.js';

/** What one pair of ears brought, over all lines. */
export interface EarsReport {
  ears: string;
  lines: number;
  /** Lines whose last words an answer was started on before they were final. */
  startedEarly: number;
  /** From the last sample to that start, median, ms. */
  startP50Ms?: number;
  startP95Ms?: number;
  interval?: Interval;
  /** Starts a line that came to nothing, because other words followed. */
  superseded: number;
  supersededInterval?: Interval;
  /** These starts. */
  lost: SupersededStart[];
}

/** A start that came to nothing. */
export interface SupersededStart extends TimedWords {
  line: string;
  /** What was started, or final, instead; left out where nothing was. */
  by?: TimedWords;
}

/** The start that the last words keep; `undefined` where none does. */
function keptIn({ speculations, finals }: HeardLine): TimedWords | undefined {
  const last = finals.at(-1);
  return (
    last && speculations.findLast(({ atMs, words }) => atMs <= last.atMs && sameWords(words, last.words))
  );
}

function supersededIn(heard: HeardLine): SupersededStart[] {
  const { line, speculations, finals } = heard;
  const kept = keptIn(heard);
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

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** A report for each pair of ears. Intervals are 95 %, lines drawn. */
export function startsReport(heard: readonly HeardLine[]): EarsReport[] {
  const names = [...new Set(heard.map(({ ears }) => ears))].sort();
  return names.map((ears) => {
    const lines = heard.filter((line) => line.ears === ears);
    const early = lines.flatMap((line) => {
      const kept = keptIn(line);
      return kept ? [{ line: line.line, atMs: kept.atMs }] : [];
    });
    const at = (percent: number) => (drawn: readonly { atMs: number }[]) =>
      percentile(ascending(drawn.map(({ atMs }) => atMs)), percent);
    const median = at(50);
    const wasted = (drawn: readonly HeardLine[]) => mean(drawn.map((line) => supersededIn(line).length));
    const interval = intervalOf(early, ({ line }) => line, median);
    const supersededInterval = intervalOf(lines, ({ line }) => line, wasted);
    return {
      ears,
      lines: lines.length,
      startedEarly: early.length,
      ...(early.length > 0 ? { startP50Ms: median(early), startP95Ms: at(95)(early) } : {}),
      ...(interval ? { interval } : {}),
      superseded: wasted(lines),
      ...(supersededInterval ? { supersededInterval } : {}),
      lost: lines.flatMap(supersededIn),
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
    r.startP95Ms === undefined ? '–' : r.startP95Ms.toFixed(0),
    `${r.superseded.toFixed(2)}${within(r.supersededInterval, 2)}`,
  ]);
  return alignColumns([['ears', 'started early', 'start p50 ms', 'p95', 'superseded a line'], ...rows]);
}
