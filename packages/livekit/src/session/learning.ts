import { type CallerPace, type SpeculationOptions, Speculator } from '@firstword/turn';

/** What a call teaches: it outlives the session in which it was learned. */
export interface CallLearning {
  /** Which early starts pay, and what they have cost so far. */
  account: Speculator;
  /** How the caller pauses. */
  caller: { pace: CallerPace };
}

/** Nothing learned yet. */
export function newLearning(
  options: { speculation?: Partial<SpeculationOptions> | undefined } = {},
): CallLearning {
  return { account: new Speculator(options.speculation), caller: { pace: 0 } };
}
