/** What reading one prompt took. */
export interface PrefillSample {
  /** Prompt tokens that no cache had. */
  freshTokens: number;
  /** The provider's own figure, where it tells one. */
  prefillMs?: number | undefined;
  /** From the request to the first delta, over a connection that was open. */
  firstDeltaMs?: number | undefined;
}

/** Fewer differing prompts than this tell nothing of a slope. */
const MIN_SAMPLES = 8;
/** One-sided 5 %. */
const Z_ONE_SIDED_5_PERCENT = 1.645;

const middle = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Theil and Sen's slope of time over tokens, if Kendall's test is sure that there is one. */
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
  return z > Z_ONE_SIDED_5_PERCENT ? middle(slopes) : undefined;
}

/**
 * Milliseconds that one more uncached prompt token takes. From the provider's own prefill times where it tells them; else
 * from how the first delta's time grew with the prompt. `undefined` while that cannot be reported from noise.
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
