import { median } from '@firstword/turn/statistics';

/** Prefill time of one prompt. */
export interface PrefillSample {
  /** Prompt tokens that were not cached. */
  freshTokens: number;
  /** Prefill time that the provider reports, ms. */
  prefillMs?: number | undefined;
  /** Time from the sent request to the first delta, over an open connection, ms. */
  firstDeltaMs?: number | undefined;
}

/** With fewer prompts, no slope is estimated. */
const MIN_SAMPLES = 8;
/** Critical value of a one-sided test at 5 %. */
const Z_ONE_SIDED_5_PERCENT = 1.645;

/** The Theil–Sen slope of time over tokens, if Kendall's test finds it significant. */
function slope(points: { x: number; y: number }[]): number | undefined {
  const n = points.length;
  if (n < MIN_SAMPLES) return undefined;
  const slopes: number[] = [];
  let agreement = 0;
  for (const [i, a] of points.entries()) {
    for (const b of points.slice(i + 1)) {
      if (a.x === b.x) continue;
      slopes.push((b.y - a.y) / (b.x - a.x));
      agreement += Math.sign((b.y - a.y) * (b.x - a.x));
    }
  }
  const z = agreement / Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  return z > Z_ONE_SIDED_5_PERCENT ? median(slopes) : undefined;
}

/**
 * Prefill time of one more uncached prompt token, ms. Taken from the provider's reported prefill times if there are
 * any, else from how the time to the first delta grows with the prompt. `undefined` while that growth is not
 * distinguishable from noise.
 */
export function prefillMsPerToken(samples: readonly PrefillSample[]): number | undefined {
  const reported = samples.filter(({ prefillMs, freshTokens }) => prefillMs !== undefined && freshTokens > 0);
  if (reported.length > 0) {
    const tokens = reported.reduce((sum, { freshTokens }) => sum + freshTokens, 0);
    return reported.reduce((sum, { prefillMs }) => sum + prefillMs!, 0) / tokens;
  }
  return slope(
    samples.flatMap(({ freshTokens, firstDeltaMs }) =>
      firstDeltaMs === undefined ? [] : [{ x: freshTokens, y: firstDeltaMs }],
    ),
  );
}
