import type { BenchSample } from '../sample.js';

/** Drops fields whose value is `undefined`, so that they are absent in JSON. */
export function withoutUndefined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

/** One value per sample, without missing ones. */
export const valuesOf = (samples: readonly BenchSample[], of: (sample: BenchSample) => number | undefined) =>
  samples.flatMap((sample) => of(sample) ?? []);
