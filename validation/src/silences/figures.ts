import { ascending, percentile } from '@firstword/turn/statistics';

/** A percentile of times, as text; a dash without any. */
export const at = (valuesMs: readonly number[], percent: number): string =>
  valuesMs.length === 0 ? '–' : String(Math.round(percentile(ascending(valuesMs), percent)));
