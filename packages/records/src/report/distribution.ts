import {
  ascending,
  type BootstrapOptions,
  percentile,
  percentileInterval,
  resamplesOf,
  seededRandom,
} from '@firstword/turn/statistics';

/** A percentile with its 95 % bootstrap interval. */
export interface Estimate {
  valueMs: number;
  /** Absent for a single value, which has no spread. */
  lowMs?: number;
  highMs?: number;
}

/** How a set of durations is distributed, in ms. */
export interface Distribution {
  count: number;
  minMs: number;
  maxMs: number;
  p50: Estimate;
  p95: Estimate;
  p99: Estimate;
}

const PERCENTS = [50, 95, 99] as const;

/** Draws `resamples` samples of n out of n with replacement; returns each percentile of each. */
function bootstrap(sorted: readonly number[], seed: number, resamples: number): number[][] {
  const random = seededRandom(seed);
  const found: number[][] = PERCENTS.map(() => []);
  const counts = new Uint32Array(sorted.length);
  for (let i = 0; i < resamples; i += 1) {
    counts.fill(0);
    for (let n = 0; n < sorted.length; n += 1) {
      counts[random.integer(0, sorted.length - 1)]! += 1;
    }
    // Counting in sorted order leaves the draw sorted.
    const draw = sorted.flatMap((value, index) => Array<number>(counts[index]!).fill(value));
    for (const [at, percent] of PERCENTS.entries()) found[at]!.push(percentile(draw, percent));
  }
  return found;
}

/**
 * p50, p95 and p99 with their seeded bootstrap intervals (percentile method). No interval extends beyond the observed
 * values: with few of them, the true p95 and p99 may well lie higher.
 * @returns `undefined` for no values
 */
export function distribution(
  valuesMs: readonly number[],
  options: BootstrapOptions = {},
): Distribution | undefined {
  if (valuesMs.length === 0) return undefined;
  const sorted = ascending(valuesMs);
  const drawn =
    sorted.length > 1
      ? bootstrap(sorted, options.seed ?? 1, options.resamples ?? resamplesOf(sorted.length))
      : undefined;
  const [p50, p95, p99] = PERCENTS.map((percent, at): Estimate => {
    const valueMs = percentile(sorted, percent);
    if (!drawn) return { valueMs };
    const { low, high } = percentileInterval(drawn[at]!);
    return { valueMs, lowMs: low, highMs: high };
  }) as [Estimate, Estimate, Estimate];
  return { count: sorted.length, minMs: sorted[0]!, maxMs: sorted.at(-1)!, p50, p95, p99 };
}
