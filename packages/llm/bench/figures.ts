import type { BootstrapInterval } from './stats.js';

/** One row of the final table. */
export interface BenchFigure {
  name: string;
  /** The target is met at or below this value. Left out for a value without a target. */
  target?: number;
  measured: Partial<BootstrapInterval> & { value: number };
  unit: '' | 'ms' | '%' | 'MB' | 'requests';
  digits: number;
  /** Number of samples (of each arm). */
  n: number;
  /** A remark for the reader. */
  note?: string;
}

/** The result against the target. `unsure`: the 95 % interval contains the target. */
export type BenchVerdict = 'met' | 'met, unsure' | 'missed' | 'missed, unsure' | 'shown' | 'cut short';

/** Compares a measured value with its target. */
export function verdictFor({ target, measured }: BenchFigure, options: { cutShort: boolean }): BenchVerdict {
  if (target === undefined) return 'shown';
  if (options.cutShort) return 'cut short';
  const { value, low = value, high = value } = measured;
  if (!(value <= target)) return low <= target ? 'missed, unsure' : 'missed';
  return high <= target ? 'met' : 'met, unsure';
}

function show({ measured, digits, unit }: BenchFigure): string {
  const { value, low, high } = measured;
  const interval = low === undefined ? '' : ` [${low.toFixed(digits)}–${high!.toFixed(digits)}]`;
  return `${value.toFixed(digits)}${interval}${unit && ` ${unit}`}`;
}

/** The result of one bench: its values, or why there are none. */
export interface BenchOutcome {
  bench: string;
  figures: BenchFigure[];
  cutShort: boolean;
  /** Why it could not run. */
  skipped?: string;
  /** The error that ended it. */
  error?: string;
}

/** Whether the bench failed or missed a target. */
export const missesTarget = ({ figures, cutShort, error }: BenchOutcome) =>
  error !== undefined || figures.some((figure) => verdictFor(figure, { cutShort }).startsWith('missed'));

const HEAD = ['figure', 'target', 'measured [95 %]', 'n', 'verdict'];

function rowsOf({ bench, figures, cutShort, skipped, error }: BenchOutcome): string[][] {
  if (skipped !== undefined) return [[`${bench}: ${skipped}`, '', '', '', 'not run']];
  if (error !== undefined) return [[`${bench}: ${error}`, '', '', '', 'failed']];
  return figures.map((figure) => {
    const { name, target, digits, unit, n, note } = figure;
    const aim = target === undefined ? '–' : `≤ ${target.toFixed(digits)}${unit && ` ${unit}`}`;
    return [
      `${bench}: ${name}${note ? ` (${note})` : ''}`,
      aim,
      show(figure),
      String(n),
      verdictFor(figure, { cutShort }),
    ];
  });
}

/** The final table, as text. */
export function renderTable(outcomes: BenchOutcome[]): string {
  const rows = [HEAD, ...outcomes.flatMap(rowsOf)];
  // Lines without figures may be long: they do not widen the first column.
  const widths = HEAD.map((_, column) =>
    Math.max(...rows.filter((row) => column > 0 || row[2] !== '').map((row) => row[column]!.length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The same as JSON. */
export function toJson(outcomes: BenchOutcome[]): object[] {
  return outcomes.flatMap(({ bench, figures, cutShort, skipped, error }): object[] =>
    figures.length === 0
      ? [{ bench, verdict: error === undefined ? 'not run' : 'failed', why: skipped ?? error }]
      : figures.map((figure) => ({ bench, ...figure, verdict: verdictFor(figure, { cutShort }) })),
  );
}
