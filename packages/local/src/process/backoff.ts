const FIRST_MS = 250;
const LONGEST_MS = 5_000;

/** How long to wait before a restart, ms: not at all after one death, then doubling up to 5 s. */
export function restartDelayMs(deathsInARow: number): number {
  if (deathsInARow <= 1) return 0;
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** (deathsInARow - 2));
}
