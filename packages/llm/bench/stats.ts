/** mulberry32: the same intervals every time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function percentile(sorted: number[], p: number): number {
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)]!;
}

const ascending = (values: number[]) => [...values].sort((a, b) => a - b);

function resample(values: number[], random: () => number): number[] {
  return ascending(values.map(() => values[Math.floor(random() * values.length)]!));
}

export interface Interval {
  value: number;
  low: number;
  high: number;
}

/** A percentile with its 95 % bootstrap interval. */
export function estimate(values: number[], p: number, rounds = 400): Interval {
  const random = seeded(1);
  const drawn = ascending(Array.from({ length: rounds }, () => percentile(resample(values, random), p)));
  return {
    value: percentile(ascending(values), p),
    low: percentile(drawn, 0.025),
    high: percentile(drawn, 0.975),
  };
}

/** The ratio of one arm's percentile to another's, with its 95 % bootstrap interval. */
export function ratio(arm: number[], base: number[], p: number, rounds = 400): Interval {
  const random = seeded(2);
  const drawn = ascending(
    Array.from(
      { length: rounds },
      () => percentile(resample(arm, random), p) / percentile(resample(base, random), p),
    ),
  );
  return {
    value: percentile(ascending(arm), p) / percentile(ascending(base), p),
    low: percentile(drawn, 0.025),
    high: percentile(drawn, 0.975),
  };
}

export function show({ value, low, high }: Interval, digits: number): string {
  return `${value.toFixed(digits)} [${low.toFixed(digits)}–${high.toFixed(digits)}]`;
}
