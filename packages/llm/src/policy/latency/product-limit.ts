/**
 * The time within which the next answer arrives with probability `q`, ms: the product-limit estimate (Kaplan and
 * Meier, 1958), which uses a cancelled request only up to the moment of its cancellation. `undefined` if no request
 * waited long enough.
 * @param times ascending, ms
 * @param censored whether the request at that index was cancelled; among equal times these come last
 */
export function productLimit(
  times: readonly number[],
  censored: readonly boolean[],
  q: number,
): number | undefined {
  return estimate(times, censored, q).ms;
}

/**
 * Like `productLimit`, but beyond the last answer the share of waiting requests continues to fall at its average
 * rate: the exponential tail of Brown, Hollander and Korwar (1974). At most the longest wait.
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

/** The estimate up to the quantile, or up to the last answer at `lastMs`, where a share `left` still waits. */
function estimate(times: readonly number[], censored: readonly boolean[], q: number) {
  // A small tolerance, so that rounding does not select a later time.
  const beyond = 1 - Math.min(1, Math.max(0, q)) + 1e-9;
  const size = times.length;
  let left = 1;
  let lastMs: number | undefined;
  for (let i = 0; i < size; i += 1) {
    if (!censored[i]) {
      // Counts one request more than there are: the next answer may be the longest.
      left *= 1 - 1 / (size - i + 1);
      lastMs = times[i];
    }
    if (left <= beyond) return { ms: times[i], lastMs, left, beyond };
  }
  return { ms: undefined, lastMs, left, beyond };
}
