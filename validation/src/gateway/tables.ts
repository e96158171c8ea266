/** A text table: the first column left, the others right. */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd();
  return [head, ...rows].map(line).join('\n');
}

/** A value with its 95 % interval. */
export function withInterval(
  { value, low, high }: { value: number; low: number; high: number },
  digits: number,
): string {
  return `${value.toFixed(digits)} [${low.toFixed(digits)}–${high.toFixed(digits)}]`;
}

/** A target and what was measured. `unsure`: the interval contains the target. */
export interface GatewayCheck {
  what: string;
  target: string;
  measured: string;
  verdict: 'met' | 'met, unsure' | 'missed, unsure' | 'missed';
}

/** Compares a value and its interval with an upper limit. */
export function checkAtMost(options: {
  what: string;
  limit: number;
  measured: { value: number; low: number; high: number };
  digits: number;
}): GatewayCheck {
  const { what, limit, measured, digits } = options;
  const { value, low, high } = measured;
  const verdict =
    value <= limit ? (high <= limit ? 'met' : 'met, unsure') : low <= limit ? 'missed, unsure' : 'missed';
  return { what, target: `≤ ${limit.toFixed(digits)}`, measured: withInterval(measured, digits), verdict };
}

/** Compares a count with the count that is wanted. */
export const checkExactly = (what: string, wanted: number, measured: number): GatewayCheck => ({
  what,
  target: String(wanted),
  measured: String(measured),
  verdict: measured === wanted ? 'met' : 'missed',
});
