import { figureText } from './bootstrapped.js';
import type { PolicyResult } from './evaluate.js';
import type { EotFigures } from './people/eot-figures.js';
import type { PeopleResult } from './people/people-report.js';

/** How a table is rendered. */
export interface TableOptions {
  markdown?: boolean;
}

const ms = (value: number) => value.toFixed(0);
const percent = (value: number) => `${(value * 100).toFixed(0)} %`;

/** A text or Markdown table. */
export function renderTable(
  columns: readonly string[],
  cells: readonly (readonly string[])[],
  { markdown = false }: TableOptions,
): string {
  if (markdown) {
    const row = (values: readonly string[]) => `| ${values.join(' | ')} |`;
    return [row(columns), row(columns.map(() => '---')), ...cells.map(row)].join('\n');
  }
  const widths = columns.map((name, at) => Math.max(name.length, ...cells.map((row) => row[at]!.length)));
  const row = (values: readonly string[]) =>
    values
      .map((cell, at) => cell.padEnd(widths[at]!))
      .join('  ')
      .trimEnd();
  return [row(columns), ...cells.map(row)].join('\n');
}

/** The results on synthetic lines as a text or Markdown table. */
export function renderPolicies(rows: readonly PolicyResult[], options: TableOptions = {}): string {
  const cells = rows.map(({ policy, p50Ms, p95Ms, cutLines, lines, cutShare }) => [
    policy,
    figureText(p50Ms, ms),
    figureText(p95Ms, ms),
    `${cutLines} of ${lines} · ${figureText(cutShare, percent)}`,
  ]);
  return renderTable(['policy', 'commit p50 ms', 'p95 ms', 'lines cut off'], cells, options);
}

/** The results on people's recordings as a text or Markdown table. */
export function renderPeople(rows: readonly PeopleResult[], options: TableOptions = {}): string {
  const cells = rows.map(({ policy, kind, ends, pauses, meanMs, p50Ms, p95Ms, pausesCut, turnsCut }) => [
    kind,
    policy,
    String(ends),
    figureText(meanMs, ms),
    figureText(p50Ms, ms),
    figureText(p95Ms, ms),
    String(pauses),
    figureText(pausesCut, percent),
    figureText(turnsCut, percent),
  ]);
  const columns = [
    'kind',
    'policy',
    'ends',
    'commit mean ms',
    'p50 ms',
    'p95 ms',
    'pauses',
    'cut off',
    'turns cut off',
  ];
  return renderTable(columns, cells, options);
}

/** What each source of probabilities could reach, as a text or Markdown table. */
export function renderEotFigures(rows: readonly EotFigures[], options: TableOptions = {}): string {
  const show = (value: number | undefined, as: (value: number) => string) =>
    value === undefined ? '–' : as(value);
  const [first] = rows;
  const columns = [
    'probabilities from',
    ...Object.keys(first?.cutAtMeanMs ?? {}).map((at) => `cut at mean ${at} ms`),
    ...Object.keys(first?.meanMsAtCut ?? {}).map((at) => `mean ms at ${percent(Number(at))} cut`),
  ];
  const cells = rows.map(({ source, cutAtMeanMs, meanMsAtCut }) => [
    source,
    ...Object.values(cutAtMeanMs).map((value) => show(value, percent)),
    ...Object.values(meanMsAtCut).map((value) => show(value, ms)),
  ]);
  return renderTable(columns, cells, options);
}
