import { type Random, standardNormal } from '@firstword/turn/statistics';

/** Published percentiles of the time to the first content token. */
export interface TtftPercentiles {
  /** Median, ms. */
  p50Ms: number;
  /** 95th percentile, ms. */
  p95Ms: number;
  /** Slowest published TTFT, ms; no larger value is drawn. Omitted where none was published. */
  maxMs?: number;
}

/** A lognormal distribution: mean `mu` and standard deviation `sigma` of ln(ms). */
export interface Lognormal {
  mu: number;
  sigma: number;
}

/** The 95th percentile of the standard normal distribution. */
const Z95 = 1.6448536269514722;

/** The lognormal distribution with the given median and 95th percentile. */
export function fitLognormal(figures: TtftPercentiles): Lognormal {
  if (figures.p50Ms <= 0) return { mu: Number.NEGATIVE_INFINITY, sigma: 0 };
  return {
    mu: Math.log(figures.p50Ms),
    sigma: Math.max(0, Math.log(figures.p95Ms / figures.p50Ms) / Z95),
  };
}

/**
 * Draws a TTFT, ms, from the lognormal distribution. Values above the published maximum are drawn again; on the
 * published profiles this truncation moves the percentiles by at most ~2 %.
 */
export function drawTtftMs(figures: TtftPercentiles, random: Random): number {
  const { mu, sigma } = fitLognormal(figures);
  const maxMs = figures.maxMs ?? Number.POSITIVE_INFINITY;
  for (;;) {
    const ttftMs = Math.exp(mu + sigma * standardNormal(random));
    if (ttftMs <= maxMs || sigma === 0) return Math.min(ttftMs, maxMs);
  }
}
