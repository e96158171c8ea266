/** A figure that was wanted, and what came of it. */
export interface Held {
  figure: string;
  wanted: string;
  measured: string;
  met: boolean;
}

/** One line a figure. */
export function renderHeld(all: readonly Held[]): string {
  const rows = [
    ['figure', 'wanted', 'measured', ''],
    ...all.map(({ figure, wanted, measured, met }) => [figure, wanted, measured, met ? 'met' : 'MISSED']),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
