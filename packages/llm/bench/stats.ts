/** mulberry32: seeded, so that the intervals are the same in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The percentile `p` (0 to 1) by nearest rank; NaN without values. */
export function percentile(values: ArrayLike<number>, p: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? Number.NaN;
}

/** A statistic with its 95 % bootstrap interval. */
export interface BootstrapInterval {
  value: number;
  low: number;
  high: number;
}

const ROUNDS = 400;

/**
 * A statistic of several arms with its 95 % bootstrap interval. `paired`: samples with the same index belong together
 * (the same turn, asked at the same moment) and are drawn together.
 */
export function interval(
  arms: number[][],
  statistic: (arms: ArrayLike<number>[]) => number,
  options: { paired?: boolean } = {},
): BootstrapInterval {
  const random = seeded(1);
  const draw = (size: number) => Uint32Array.from({ length: size }, () => Math.floor(random() * size));
  const drawn = new Float64Array(ROUNDS);
  for (let round = 0; round < ROUNDS; round += 1) {
    const shared = options.paired ? draw(arms[0]!.length) : undefined;
    drawn[round] = statistic(
      arms.map((values) => Float64Array.from(shared ?? draw(values.length), (index) => values[index]!)),
    );
  }
  return { value: statistic(arms), low: percentile(drawn, 0.025), high: percentile(drawn, 0.975) };
}

/** A percentile with its interval. */
export const estimate = (values: number[], p: number) => interval([values], ([all]) => percentile(all!, p));

/** The ratio of one arm's percentile to another's. */
export const ratio = (arm: number[], base: number[], p: number, options: { paired?: boolean } = {}) =>
  interval([arm, base], ([a, b]) => percentile(a!, p) / percentile(b!, p), options);

/** What one arm's percentile adds to another's. */
export const added = (arm: number[], base: number[], p: number) =>
  interval([arm, base], ([a, b]) => percentile(a!, p) - percentile(b!, p));

/** Formats a value with its interval. */
export function show({ value, low, high }: BootstrapInterval, digits: number): string {
  return `${value.toFixed(digits)} [${low.toFixed(digits)}–${high.toFixed(digits)}]`;
}
