const FIRST_DELAY_MS = 300;
const MAX_DELAY_MS = 8_000;

/**
 * Delay before the next reconnection attempt, ms. It doubles from 300 to 8,000 ms; up to half of it is subtracted at
 * random so that many pages do not reconnect at the same time.
 * @param attempt 1 for the first attempt after a disconnect
 * @param random random number, 0 to 1
 */
export function backoffMs(attempt: number, random: number): number {
  const fullMs = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempt - 1));
  return Math.round(fullMs * (1 - random / 2));
}
