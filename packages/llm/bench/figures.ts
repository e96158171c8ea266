import type { Measured } from './stats.js';

/** One line of the final table. */
export interface Figure {
  name: string;
  /** Met at or below this; left out for a figure that is only shown. */
  target?: number;
  measured: Partial<Measured> & { value: number };
  unit: '' | 'ms' | '%' | 'MB' | 'requests';
  digits: number;
  /** Samples behind it (of each arm). */
  n: number;
  /** What else a reader should know. */
  note?: string;
}

/** `unsure`: on the right or wrong side of the target, while the 95 % interval reaches over it. */
export type Verdict = 'met' | 'met, unsure' | 'missed' | 'missed, unsure' | 'shown' | 'cut short';

export function verdictOf({ target, measured }: Figure, options: { cutShort: boolean }): Verdict {
  if (target === undefined) return 'shown';
  if (options.cutShort) return 'cut short';
  const { value, low = value, high = value } = measured;
  if (!(value <= target)) return low <= target ? 'missed, unsure' : 'missed';
  return high <= target ? 'met' : 'met, unsure';
}

function show({ measured, digits, unit }: Figure): string {
  const { value, low, high } = measured;
  const interval = low === undefined ? '' : ` [${low.toFixed(digits)}–${high!.toFixed(digits)}]`;
  return `${value.toFixed(digits)}${interval}${unit && ` ${unit}`}`;
}

/** What one bench came to: figures, or why there are none. */
export interface Outcome {
  bench: string;
  figures: Figure[];
  cutShort: boolean;
  /** It could not run, and says why. */
  skipped?: string;
  /** It broke. */
  error?: string;
}

export const missed = ({ figures, cutShort, error }: Outcome) =>
  error !== undefined || figures.some((figure) => verdictOf(figure, { cutShort }).startsWith('missed'));

const HEAD = ['figure', 'target', 'measured [95 %]', 'n', 'verdict'];

function rowsOf({ bench, figures, cutShort, skipped, error }: Outcome): string[][] {
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
      verdictOf(figure, { cutShort }),
    ];
  });
}

export function renderTable(outcomes: Outcome[]): string {
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

/** The same for programs. */
export function toJson(outcomes: Outcome[]): object[] {
  return outcomes.flatMap(({ bench, figures, cutShort, skipped, error }): object[] =>
    figures.length === 0
      ? [{ bench, verdict: error === undefined ? 'not run' : 'failed', why: skipped ?? error }]
      : figures.map((figure) => ({ bench, ...figure, verdict: verdictOf(figure, { cutShort }) })),
  );
}
