const FIRST_MS = 250;
const LONGEST_MS = 5_000;

/** Delay before a restart, ms: 0 after the first crash, then 250 and doubling up to 5000. */
export function restartDelayMs(crashesInARow: number): number {
  if (crashesInARow <= 1) return 0;
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** (crashesInARow - 2));
}
