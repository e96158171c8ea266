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
  // A hair more, so that rounding does not ask for a later one.
  const beyond = 1 - Math.min(1, Math.max(0, q)) + 1e-9;
  const size = times.length;
  let left = 1;
  for (let i = 0; i < size; i += 1) {
    // One more than there are: the next answer may as well be the longest.
    if (!censored[i]) left *= 1 - 1 / (size - i + 1);
    if (left <= beyond) return times[i];
  }
  return undefined;
}
