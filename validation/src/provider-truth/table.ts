/** A figure with its expected and its measured value. */
export interface TruthCheck {
  figure: string;
  expected: string;
  measured: string;
  isMet: boolean;
}

/** The checks as a table. */
export function renderChecks(all: readonly TruthCheck[]): string {
  const rows = [
    ['figure', 'expected', 'measured', ''],
    ...all.map(({ figure, expected, measured, isMet }) => [
      figure,
      expected,
      measured,
      isMet ? 'met' : 'MISSED',
    ]),
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
