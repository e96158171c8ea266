/** How often starts for one reason turned out right. */
export interface Acceptance {
  /** Moving share of starts that were kept, 0 to 1. */
  readonly share: number;
  /** Chances let pass since the last start. */
  readonly skipped: number;
}

/** What is believed before anything is known: enough to begin with, and soon overruled. */
export const INITIAL_ACCEPTANCE: Acceptance = { share: 0.75, skipped: 0 };

/** Weight of the newest outcome: about the last eight count. */
const ALPHA = 0.25;

export function updatedAcceptance(acceptance: Acceptance, kept: boolean): Acceptance {
  return { ...acceptance, share: acceptance.share + ALPHA * ((kept ? 1 : 0) - acceptance.share) };
}

/** Whether a reason that has disappointed is tried again: one chance in `probeEvery` is. */
export function isTrusted(
  acceptance: Acceptance,
  options: { minAcceptance: number; probeEvery: number },
): boolean {
  return acceptance.share >= options.minAcceptance || acceptance.skipped + 1 >= options.probeEvery;
}
