import type { PolicyFigure, PolicyResult } from './evaluate.js';

const COLUMNS = ['policy', 'commit p50 ms', 'p95 ms', 'lines cut off'] as const;

function figure({ value, interval }: PolicyFigure, show: (value: number) => string): string {
  return interval ? `${show(value)} (${show(interval.low)}–${show(interval.high)})` : show(value);
}

const ms = (value: number) => value.toFixed(0);
const percent = (value: number) => `${(value * 100).toFixed(0)} %`;

/** The results as a text or Markdown table. */
export function renderPolicies(rows: readonly PolicyResult[], options: { markdown?: boolean } = {}): string {
  const cells = rows.map(({ policy, p50Ms, p95Ms, cutLines, lines, cutShare }) => [
    policy,
    figure(p50Ms, ms),
    figure(p95Ms, ms),
    `${cutLines} of ${lines} · ${figure(cutShare, percent)}`,
  ]);
  if (options.markdown) {
    const row = (columns: readonly string[]) => `| ${columns.join(' | ')} |`;
    return [row(COLUMNS), row(COLUMNS.map(() => '---')), ...cells.map(row)].join('\n');
  }
  const widths = COLUMNS.map((name, at) => Math.max(name.length, ...cells.map((row) => row[at]!.length)));
  const row = (columns: readonly string[]) =>
    columns
      .map((cell, at) => cell.padEnd(widths[at]!))
      .join('  ')
      .trimEnd();
  return [row(COLUMNS), ...cells.map(row)].join('\n');
}
