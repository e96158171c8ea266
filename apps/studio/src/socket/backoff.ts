const FIRST_DELAY_MS = 300;
const MAX_DELAY_MS = 8_000;

/**
 * How long to wait before the next try, ms: doubling from 300 to 8,000, less up to half at random so that many pages
 * do not come back at the same moment.
 * @param attempt 1 for the first try after the drop.
 * @param random 0 to 1.
 */
export function backoffMs(attempt: number, random: number): number {
  const fullMs = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempt - 1));
  return Math.round(fullMs * (1 - random / 2));
}
