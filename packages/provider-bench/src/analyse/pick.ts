import type { Sample } from '../sample.js';

/** Leaves out what is not known: JSON has no `undefined`. */
export function known<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

/** What is known of each sample. */
export const pick = (samples: readonly Sample[], of: (sample: Sample) => number | undefined) =>
  samples.flatMap((sample) => of(sample) ?? []);
