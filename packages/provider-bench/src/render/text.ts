import { alignColumns, paint, type RenderOptions } from '@firstword/records';
import type { BenchReport } from '../analyse/report.js';
import type { RunFile } from '../run-file.js';
import { caveats } from './caveats.js';
import { contaminatedText, emulatedText, headline, rankingText, WHAT_IF_NOTE } from './format.js';
import { detailTables, type TimesTable, timesTables } from './run-tables.js';
import { hasFigures, letteredNames, steadinessTable, type Table, variantsTable } from './tables.js';

/** Terminals at least this wide show all four percentiles in one table. */
const WIDE_COLUMNS = 110;
/** Hedge delays shown on a terminal, as percentiles of the primary; the page shows all. */
const SHOWN_DELAYS = [0, 75, 90];

/** Breaks a paragraph into lines of at most `widthColumns`, at spaces. */
export function wrapped(text: string, widthColumns: number): string[] {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!;
    if (line.length + word.length + 1 > widthColumns && line !== '') lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}

/** Truncates a name in its first half: the end names the settings that distinguish arms of the same target. */
function shortened(name: string, room: number): string {
  if (name.length <= room) return name;
  const start = Math.floor(room / 3);
  return `${name.slice(0, start)}…${name.slice(name.length - (room - start - 1))}`;
}

/** A table as aligned columns. Row names are truncated where the table would be wider than the terminal. */
export function fitted({ heads, rows }: Table, widthColumns: number): string {
  const all = [heads, ...rows];
  const widest = (column: number) => Math.max(...all.map((row) => row[column]!.length));
  const others = heads.slice(1).reduce((sum, _, column) => sum + widest(column + 1) + 2, 1);
  const room = Math.max(8, widthColumns - others);
  return alignColumns(all.map(([name, ...cells]) => [shortened(name!, room), ...cells]));
}

/** The report of a run as text for a terminal of at least 80 columns. Ends with a line feed. */
export function renderBench(run: RunFile, report: BenchReport, options: RenderOptions = {}): string {
  const to = paint(options.colour ?? false);
  const width = Math.max(80, options.widthColumns ?? 80);
  const say = (text: string, style = (line: string) => line) =>
    wrapped(text, width - 2).map((line) => style(` ${line}`));
  const show = (table: Table | undefined) =>
    hasFigures(table) ? ['', to.strong(` ${table.title}`), fitted(table, width)] : [];
  const emulated = emulatedText(report);
  const naming = letteredNames(report);
  const narrow = width < WIDE_COLUMNS;
  /** All four percentiles, in two tables where the terminal is narrow. */
  const timesOf = (table: TimesTable) => {
    const tail = table({ keys: ['p90', 'p99'], naming });
    return [
      ...show(table(narrow ? { keys: ['p50', 'p95'], naming } : { naming })),
      ...(narrow && hasFigures(tail) ? ['', fitted(tail, width)] : []),
    ];
  };
  const lines = [
    ...say(headline(run, report)),
    ...(report.partial ? say(`Partial: ${report.partial.message}`, to.warn) : []),
    ...[emulated, contaminatedText(report)].flatMap((notice) => (notice ? say(notice, to.warn) : [])),
    ...(report.rankings.length > 0 ? [''] : []),
    ...report.rankings.flatMap((ranking) => say(rankingText(ranking), to.strong)),
    ...timesTables(report).flatMap(timesOf),
    ...show(variantsTable(report, naming)),
    ...show(steadinessTable(report, { narrow, naming })),
    ...detailTables(run, report, { naming, narrow, percents: SHOWN_DELAYS }).flatMap(show),
    ...(report.whatIf.length > 0 ? say(WHAT_IF_NOTE, to.dim) : []),
    '',
    ...[report.estimator, ...caveats(run, report, naming)].flatMap((note) => say(`– ${note}`, to.dim)),
  ];
  return `${lines.join('\n')}\n`;
}
