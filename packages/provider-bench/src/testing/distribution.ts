import { fitLognormal, type TtftPercentiles } from '@firstword/emulator';

/** The latency behaviour of one emulated model: published TTFT figures, stragglers and failures. */
export interface Behaviour {
  ttft: TtftPercentiles;
  /** Share of answers that come `stragglerMs` later, 0 to 1; default 0. */
  stragglerShare?: number;
  stragglerMs?: number;
  /** Share of requests that fail at once with a 503, 0 to 1; default 0. */
  failedShare?: number;
}

/** The standard normal CDF (Abramowitz and Stegun 7.1.26, error below 1.5e-7). */
function normalCdf(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const series =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const upper = 0.5 * series * Math.exp(-x * x);
  return z > 0 ? 1 - upper : upper;
}

function plainCdf(figures: TtftPercentiles, ms: number): number {
  if (ms <= 0) return 0;
  const { mu, sigma } = fitLognormal(figures);
  const at = (limitMs: number) => normalCdf((Math.log(limitMs) - mu) / sigma);
  const { maxMs = Number.POSITIVE_INFINITY } = figures;
  return ms >= maxMs ? 1 : at(ms) / (maxMs === Number.POSITIVE_INFINITY ? 1 : at(maxMs));
}

/** Share of answers that have arrived `ms` after the request: the emulator's lognormal, truncated at its maximum. */
export function trueCdf({ ttft, stragglerShare = 0, stragglerMs = 0 }: Behaviour, ms: number): number {
  return (1 - stragglerShare) * plainCdf(ttft, ms) + stragglerShare * plainCdf(ttft, ms - stragglerMs);
}

/** The `quantile` (0 to 1) of that distribution, ms. */
export function trueQuantileMs(behaviour: Behaviour, quantile: number): number {
  let [low, high] = [0, 1];
  while (trueCdf(behaviour, high) < quantile) high *= 2;
  while (high - low > 1e-6 * high) {
    const middle = (low + high) / 2;
    if (trueCdf(behaviour, middle) < quantile) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
