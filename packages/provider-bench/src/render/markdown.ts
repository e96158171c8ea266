import { plainText } from '@firstword/records';
import type { BenchReport } from '../analyse/report.js';
import type { RunFile } from '../run-file.js';
import { caveats } from './caveats.js';
import { serversTable } from './servers.js';
import {
  feltTable,
  languagesTable,
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

/** Text from a file, without what Markdown or HTML would take for more than text. */
export const escaped = (text: string): string =>
  plainText(text).replace(/[\\`*_[\]<>|]/g, (sign) => `\\${sign}`);

export function tableLines({ heads, rows }: Table): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = heads.map((_, at) => (at === 0 ? '---' : '---:'));
  return [line(heads), line(rule), ...rows.map((row) => line(row.map(escaped)))];
}

/** A run as Markdown, to paste into a forum or an issue. Lines end with a line feed. */
export function benchMarkdown(run: RunFile, report: BenchReport): string {
  const emulated = emulatedText(report);
  const tables = [
    timesTable(report),
    waysTable(report),
    steadinessTable(report),
    feltTable(report),
    phasesTable(report),
    serversTable(run.servers),
    workTable(report),
    languagesTable(report),
    whatIfTable(report),
  ];
  const lines = [
    escaped(headline(run, report)),
    ...(report.partial ? ['', `**Partial:** ${escaped(report.partial.message)}`] : []),
    ...[emulated, spoiledText(report)].flatMap((notice) => (notice ? ['', `**${escaped(notice)}**`] : [])),
    '',
    ...report.rankings.map((ranking) => `- ${escaped(rankingText(ranking))}`),
    ...tables.flatMap((table) => (tells(table) ? ['', `### ${table.title}`, '', ...tableLines(table)] : [])),
    '',
    ...[report.estimator, WHAT_IF_NOTE, ...caveats(run, report)].map((note) => `- ${escaped(note)}`),
  ];
  return `${lines.join('\n')}\n`;
}
