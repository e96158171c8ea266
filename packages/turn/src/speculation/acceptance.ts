/** How often speculations started for one reason were kept. */
export interface Acceptance {
  /** Moving share of speculations that were kept, 0 to 1. */
  readonly share: number;
  /** Opportunities skipped since the last start. */
  readonly skipped: number;
}

/** The assumption before the first outcome: high enough to start, and soon replaced by outcomes. */
export const INITIAL_ACCEPTANCE: Acceptance = { share: 0.75, skipped: 0 };

/** Weight of the newest outcome: roughly the last eight outcomes count. */
const ALPHA = 0.25;

/** The acceptance after one more outcome (exponential moving average). */
export function updatedAcceptance(acceptance: Acceptance, kept: boolean): Acceptance {
  return { ...acceptance, share: acceptance.share + ALPHA * ((kept ? 1 : 0) - acceptance.share) };
}

/**
 * Whether a speculation may start for this reason: if the reason's acceptance is high enough, always; else at one
 * opportunity in `probeEvery`.
 */
export function isTrusted(
  acceptance: Acceptance,
  options: { minAcceptance: number; probeEvery: number },
): boolean {
  return acceptance.share >= options.minAcceptance || acceptance.skipped + 1 >= options.probeEvery;
}
