import { ascending, percentile } from '@firstword/turn/statistics';

/** Where speech was found in one file, against where it is. */
export interface MeterError {
  file: string;
  kind: string;
  /** Found minus actual, ms; absent where no speech was found. */
  startMs?: number;
  endMs?: number;
}

/** Absolute errors of some files, ms. */
export interface MeterFigures {
  files: number;
  /** Files in which no speech was found. */
  none: number;
  medianMs: number;
  p95Ms: number;
  maxMs: number;
  /** The median of the signed errors: positive is late. */
  biasMs: number;
  /** Files that are more than 150 ms off. */
  over150: number;
}

/** The figures of the beginnings and of the ends, for one kind of recording. */
export interface MeterRow {
  kind: string;
  start: MeterFigures;
  end: MeterFigures;
}

function figuresOf(errors: readonly (number | undefined)[]): MeterFigures {
  const known = errors.filter((error) => error !== undefined);
  const sizes = ascending(known.map(Math.abs));
  const at = (sorted: readonly number[], percent: number) =>
    sorted.length === 0 ? Number.NaN : percentile(sorted, percent);
  return {
    files: errors.length,
    none: errors.length - known.length,
    medianMs: at(sizes, 50),
    p95Ms: at(sizes, 95),
    maxMs: at(sizes, 100),
    biasMs: at(ascending(known), 50),
    over150: sizes.filter((size) => size > 150).length,
  };
}

/** One row for each kind of recording, and one for all of them, last. */
export function meterRows(errors: readonly MeterError[]): MeterRow[] {
  const kinds = [...new Set(errors.map(({ kind }) => kind))];
  const row = (kind: string, some: readonly MeterError[]): MeterRow => ({
    kind,
    start: figuresOf(some.map(({ startMs }) => startMs)),
    end: figuresOf(some.map(({ endMs }) => endMs)),
  });
  return [
    ...kinds.map((kind) =>
      row(
        kind,
        errors.filter((error) => error.kind === kind),
      ),
    ),
    row('all', errors),
  ];
}
