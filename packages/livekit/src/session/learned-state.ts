import { type SpeculationOptions, Speculator } from '@firstword/turn';

/** What was learned in a call. It outlives the session in which it was learned. */
export interface LearnedState {
  /** Acceptance and cost of the call's speculations so far. */
  speculator: Speculator;
}

/** The state at the start of a call. */
export function emptyLearnedState(
  options: { speculation?: Partial<SpeculationOptions> | undefined } = {},
): LearnedState {
  return { speculator: new Speculator(options.speculation) };
}
