import { alignColumns, paint, type RenderOptions } from '@firstword/records';
import type { BenchReport } from '../analyse/report.js';
import type { RunFile } from '../run-file.js';
import { caveats } from './caveats.js';
import { serversTable } from './servers.js';
import {
  feltTable,
  languagesTable,
  lettered,
  phasesTable,
  steadinessTable,
  type Table,
  tells,
  timesTable,
  waysTable,
  whatIfTable,
  workTable,
} from './tables.js';
import { emulatedText, headline, rankingText, spoiledText, WHAT_IF_NOTE } from './words.js';

/** From so many columns on there is room for all four percentiles. */
const WIDE_COLUMNS = 110;
/** Delays of a hedge that a terminal shows; a page has them all. */
const SHOWN_DELAYS = [0, 75, 90];

/** Breaks a paragraph into lines. */
export function wrapped(text: string, widthColumns: number): string[] {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!;
    if (line.length + word.length + 1 > widthColumns && line !== '') lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}

/** Cut before its middle: how an arm is asked stands at the end of its name, and tells it from its like. */
function shortened(name: string, room: number): string {
  if (name.length <= room) return name;
  const start = Math.floor(room / 3);
  return `${name.slice(0, start)}…${name.slice(name.length - (room - start - 1))}`;
}

/** Cuts the names where the table would be wider than the terminal. */
export function fitted({ heads, rows }: Table, widthColumns: number): string {
  const all = [heads, ...rows];
  const widest = (column: number) => Math.max(...all.map((row) => row[column]!.length));
  const others = heads.slice(1).reduce((sum, _, column) => sum + widest(column + 1) + 2, 1);
  const room = Math.max(8, widthColumns - others);
  return alignColumns(all.map(([name, ...cells]) => [shortened(name!, room), ...cells]));
}

/** A run on a terminal, at 80 columns or more. Lines end with a line feed. */
export function renderBench(run: RunFile, report: BenchReport, options: RenderOptions = {}): string {
  const to = paint(options.colour ?? false);
  const width = Math.max(80, options.widthColumns ?? 80);
  const say = (text: string, style = (line: string) => line) =>
    wrapped(text, width - 2).map((line) => style(` ${line}`));
  const show = (table: Table | undefined) =>
    tells(table) ? ['', to.strong(` ${table.title}`), fitted(table, width)] : [];
  const emulated = emulatedText(report);
  const naming = lettered(report);
  const narrow = width < WIDE_COLUMNS;
  const tail = timesTable(report, { keys: ['p90', 'p99'], naming });
  const whatIf = whatIfTable(report, { percents: SHOWN_DELAYS, naming });
  const lines = [
    ...say(headline(run, report)),
    ...(report.partial ? say(`Partial: ${report.partial.message}`, to.warn) : []),
    ...[emulated, spoiledText(report)].flatMap((notice) => (notice ? say(notice, to.warn) : [])),
    ...(report.rankings.length > 0 ? [''] : []),
    ...report.rankings.flatMap((ranking) => say(rankingText(ranking), to.strong)),
    ...show(timesTable(report, narrow ? { keys: ['p50', 'p95'], naming } : { naming })),
    ...(narrow && tells(tail) ? ['', fitted(tail, width)] : []),
    ...show(waysTable(report, naming)),
    ...show(steadinessTable(report, { narrow, naming })),
    ...show(feltTable(report, naming)),
    ...show(phasesTable(report, { narrow, naming })),
    ...show(serversTable(run.servers)),
    ...show(workTable(report, naming)),
    ...show(languagesTable(report, naming)),
    ...show(whatIf),
    ...(whatIf ? say(WHAT_IF_NOTE, to.dim) : []),
    '',
    ...[report.estimator, ...caveats(run, report, naming)].flatMap((note) => say(`– ${note}`, to.dim)),
  ];
  return `${lines.join('\n')}\n`;
}
