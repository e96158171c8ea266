import { plainText } from '@firstword/records';
import type { BenchReport } from '../analyse/report.js';
import type { RunFile } from '../run-file.js';
import { caveats } from './caveats.js';
import { contaminatedText, emulatedText, headline, rankingText, WHAT_IF_NOTE } from './format.js';
import { hasLlm, runTables } from './run-tables.js';
import { hasFigures, type Table } from './tables.js';

/** Untrusted text with Markdown and HTML special characters escaped. */
export const escaped = (text: string): string =>
  plainText(text).replace(/[\\`*_[\]<>|]/g, (sign) => `\\${sign}`);

/** A table as lines of GitHub-flavoured Markdown. */
export function tableLines({ heads, rows }: Table): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = heads.map((_, at) => (at === 0 ? '---' : '---:'));
  return [line(heads), line(rule), ...rows.map((row) => line(row.map(escaped)))];
}

/** The report of a run as Markdown, to paste into an issue or a forum. Ends with a line feed. */
export function benchMarkdown(run: RunFile, report: BenchReport): string {
  const emulated = emulatedText(report);
  const lines = [
    escaped(headline(run, report)),
    ...(report.partial ? ['', `**Partial:** ${escaped(report.partial.message)}`] : []),
    ...[emulated, contaminatedText(report)].flatMap((notice) =>
      notice ? ['', `**${escaped(notice)}**`] : [],
    ),
    '',
    ...report.rankings.map((ranking) => `- ${escaped(rankingText(ranking))}`),
    ...runTables(run, report).flatMap((table) =>
      hasFigures(table) ? ['', `### ${table.title}`, '', ...tableLines(table)] : [],
    ),
    '',
    ...[report.estimator, ...(hasLlm(report) ? [WHAT_IF_NOTE] : []), ...caveats(run, report)].map(
      (note) => `- ${escaped(note)}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}
