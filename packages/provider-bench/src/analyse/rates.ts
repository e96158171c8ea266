import { median } from '@firstword/turn/statistics';
import { type BenchSample, ttftMs } from '../sample.js';
import { type Rate, rate } from './binomial.js';

/** A straggler takes more than this many times the median of its arm … */
const TIMES_MEDIAN = 3;
/** A straggler also exceeds its arm's median by more than this, ms: callers do not notice the ordinary tail of a fast model. */
const OVER_MEDIAN_MS = 500;

/** The rate of stragglers among the answered requests. */
export interface Stragglers extends Rate {
  /** Requests slower than this are stragglers, ms. */
  overMs: number;
}

/**
 * Answers that came far later than usual. Failed requests are errors, not stragglers.
 * @returns `undefined` where nothing was answered
 */
export function stragglersOf(answeredMs: readonly number[]): Stragglers | undefined {
  if (answeredMs.length === 0) return undefined;
  const medianMs = median(answeredMs)!;
  const overMs = Math.max(TIMES_MEDIAN * medianMs, medianMs + OVER_MEDIAN_MS);
  const found = rate(answeredMs.filter((ms) => ms > overMs).length, answeredMs.length)!;
  return { ...found, overMs };
}

/** The rate of failed requests, with its causes. */
export interface Failures extends Rate {
  /** Most frequent first. `message` is an example. */
  kinds: { kind: string; count: number; message: string }[];
}

/** Why a request failed: its error, or an answer without text; `undefined` where it succeeded. */
export const failureOf = (sample: BenchSample): { kind: string; message: string } | undefined =>
  sample.error ??
  (ttftMs(sample) === undefined ? { kind: 'empty', message: 'the answer held no text' } : undefined);

/** The failures among the counted requests of an arm; `undefined` for no requests. */
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
