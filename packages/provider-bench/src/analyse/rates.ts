import { percentile } from '@firstword/records';
import { ascending } from '@firstword/turn/statistics';
import type { BenchSample } from '../sample.js';
import { type Rate, rate } from './binomial.js';

/** A straggler takes so many times the median of its own arm … */
const TIMES_MEDIAN = 3;
/** … and at least so much longer than it, ms: a fast model's ordinary tail is nothing that a caller would notice. */
const OVER_MEDIAN_MS = 500;

export interface Stragglers extends Rate {
  /** Slower than this is a straggler, ms. */
  overMs: number;
}

/** Answers that came far later than usual. Requests that failed are errors, not stragglers. */
export function stragglersOf(answeredMs: readonly number[]): Stragglers | undefined {
  if (answeredMs.length === 0) return undefined;
  const medianMs = percentile(ascending(answeredMs), 50);
  const overMs = Math.max(TIMES_MEDIAN * medianMs, medianMs + OVER_MEDIAN_MS);
  const found = rate(answeredMs.filter((ms) => ms > overMs).length, answeredMs.length)!;
  return { ...found, overMs };
}

export interface Failures extends Rate {
  /** Most frequent first. `message` is that of one of them. */
  kinds: { kind: string; count: number; message: string }[];
}

/** What went wrong with a request: it was told so, or no text ever came. */
export const failureOf = ({ error, phases }: BenchSample): { kind: string; message: string } | undefined =>
  error ??
  (phases.firstContentMs === undefined ? { kind: 'empty', message: 'the answer held no text' } : undefined);

export function failuresOf(samples: readonly BenchSample[]): Failures | undefined {
  const failed = samples.flatMap((sample) => failureOf(sample) ?? []);
  const all = rate(failed.length, samples.length);
  if (!all) return undefined;
  const kinds = new Map<string, { kind: string; count: number; message: string }>();
  for (const { kind, message } of failed) {
    const known = kinds.get(kind) ?? { kind, count: 0, message };
    kinds.set(kind, { ...known, count: known.count + 1 });
  }
  return { ...all, kinds: [...kinds.values()].sort((a, b) => b.count - a.count) };
}
