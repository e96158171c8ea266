import { percentile } from '@firstword/records';
import { ascending } from '@firstword/turn/statistics';
import type { BenchSample } from '../sample.js';

/** @returns `undefined` for no values */
export const median = (values: readonly number[]) =>
  values.length === 0 ? undefined : percentile(ascending(values), 50);

/** Leaves out what is not known: JSON has no `undefined`. */
export function withoutUndefined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

/** What is known of each sample. */
export const valuesOf = (samples: readonly BenchSample[], of: (sample: BenchSample) => number | undefined) =>
  samples.flatMap((sample) => of(sample) ?? []);
