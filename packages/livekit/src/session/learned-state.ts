import { type Pace, type SpeculationOptions, Speculator } from '@firstword/turn';

/** What a call teaches: it outlives the session in which it was learned. */
export interface LearnedState {
  /** Which early starts pay, and what they have cost so far. */
  speculator: Speculator;
  /** How the caller pauses. */
  caller: { pace: Pace };
}

/** Nothing learned yet. */
export function emptyLearnedState(
  options: { speculation?: Partial<SpeculationOptions> | undefined } = {},
): LearnedState {
  return { speculator: new Speculator(options.speculation), caller: { pace: 0 } };
}
