import { type Random, standardNormal } from '@firstword/turn/statistics';

/** Published percentiles of the time to the first content token, ms. */
export interface TtftFigures {
  p50Ms: number;
  p95Ms: number;
  /** The slowest published; nothing slower is drawn. Left out where none was published. */
  maxMs?: number;
}

/** A lognormal distribution: `mu` and `sigma` of the logarithm of the milliseconds. */
export interface Lognormal {
  mu: number;
  sigma: number;
}

/** The 95th percentile of the standard normal distribution. */
const Z95 = 1.6448536269514722;

/** The lognormal whose median and 95th percentile are the published ones. */
export function fitLognormal(figures: TtftFigures): Lognormal {
  if (figures.p50Ms <= 0) return { mu: Number.NEGATIVE_INFINITY, sigma: 0 };
  return {
    mu: Math.log(figures.p50Ms),
    sigma: Math.max(0, Math.log(figures.p95Ms / figures.p50Ms) / Z95),
  };
}

/**
 * Draws a TTFT in ms: lognormal, drawn again when it exceeds the published maximum. Truncation moves the percentiles
 * by at most ~2 % on the published profiles.
 */
export function drawTtftMs(figures: TtftFigures, random: Random): number {
  const { mu, sigma } = fitLognormal(figures);
  const maxMs = figures.maxMs ?? Number.POSITIVE_INFINITY;
  for (;;) {
    const ttftMs = Math.exp(mu + sigma * standardNormal(random));
    if (ttftMs <= maxMs || sigma === 0) return Math.min(ttftMs, maxMs);
  }
}
