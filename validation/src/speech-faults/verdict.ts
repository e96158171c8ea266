import type { LineOutcome } from '@firstword/calls';

/** Turns of one kind of fault, counted by how they ended. */
export interface LineRow {
  turns: number;
  /** An answer came after the line, the first time it was said. */
  answered: number;
  /** The agent said that it had failed, or had not understood, or the session reported an error: the user was told. */
  told: number;
  /** No answer, and nobody was told. */
  lost: number;
  /** The agent answered again after its answer. */
  doubled: number;
  /** The answer was generated for other words than the committed ones. */
  stale: number;
}

export const emptyRow = (): LineRow => ({ turns: 0, answered: 0, told: 0, lost: 0, doubled: 0, stale: 0 });

/** Counts that must be 0. */
export const FORBIDDEN = ['lost', 'doubled', 'stale'] as const;

/** The row of one line. @param errors how many errors the session reported within the line */
export function rowOf(line: LineOutcome, errors: number): LineRow {
  const isAnswered = line.unanswered === 0 && line.failed === undefined;
  const isTold = !isAnswered && (line.failed !== undefined || errors > 0);
  return {
    turns: 1,
    answered: Number(isAnswered),
    told: Number(isTold),
    lost: Number(!isAnswered && !isTold),
    doubled: Number(line.extraAnswers > 0),
    stale: Number(line.wrong === true),
  };
}

/** Adds `row` to `sum`. */
export function addRow(sum: LineRow, row: LineRow): void {
  for (const name of Object.keys(sum) as (keyof LineRow)[]) sum[name] += row[name];
}
