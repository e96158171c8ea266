/**
 * The time within which the next answer comes with probability `q`: the product-limit estimate (Kaplan and Meier, 1958),
 * which counts a request that was given up only up to that moment. `undefined` where nobody waited long enough to tell.
 *
 * @param times ascending, ms
 * @param censored whether the time of that index is that of a request given up; of equal times these come last
 */
export function productLimit(
  times: readonly number[],
  censored: readonly boolean[],
  q: number,
): number | undefined {
  return estimate(times, censored, q).ms;
}

/**
 * The same, but that beyond the last answer the share still waiting goes on falling at its mean rate up to there: the
 * exponential tail of Brown, Hollander and Korwar (1974). No later than the longest wait.
 */
export function productLimitWithTail(
  times: readonly number[],
  censored: readonly boolean[],
  q: number,
): number | undefined {
  const { ms, lastMs, left, beyond } = estimate(times, censored, q);
  const longestMs = times.at(-1);
  if (ms !== undefined || lastMs === undefined || longestMs === undefined) return ms ?? longestMs;
  return Math.min(longestMs, (lastMs * Math.log(beyond)) / Math.log(left));
}

/** Up to the time sought, or to the last answer, at `lastMs`, where the share `left` is more than the one `beyond`. */
function estimate(times: readonly number[], censored: readonly boolean[], q: number) {
  // A hair more, so that rounding does not ask for a later one.
  const beyond = 1 - Math.min(1, Math.max(0, q)) + 1e-9;
  const size = times.length;
  let left = 1;
  let lastMs: number | undefined;
  for (let i = 0; i < size; i += 1) {
    if (!censored[i]) {
      // One more than there are: the next answer may as well be the longest.
      left *= 1 - 1 / (size - i + 1);
      lastMs = times[i];
    }
    if (left <= beyond) return { ms: times[i], lastMs, left, beyond };
  }
  return { ms: undefined, lastMs, left, beyond };
}
