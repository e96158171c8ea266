/** One call to be made. `round` counts from 1; 0 is the warm-up, which is not counted. */
export interface ScheduledCall<Call, Arm> {
  round: number;
  call: Call;
  arm: Arm;
  /** The caller's pauses and room; the same in every arm. */
  seed: number;
}

/**
 * Every call in every arm, round after round. The arms take turns call by call, and take turns at being first, so that
 * what changes on the machine meanwhile meets them all alike.
 */
export function interleaved<Call, Arm>(options: {
  calls: readonly Call[];
  arms: readonly Arm[];
  rounds: number;
  seed: number;
  /** Every arm gets the first call once more, before all others. */
  warmUp?: boolean;
}): ScheduledCall<Call, Arm>[] {
  const { calls, arms, rounds, seed, warmUp } = options;
  const first = warmUp ? calls.slice(0, 1) : [];
  const cold = first.flatMap((call) => arms.map((arm) => ({ round: 0, call, arm, seed })));
  const counted = Array.from({ length: rounds }, (_, round) =>
    calls.flatMap((call, index) => {
      const nth = round * calls.length + index;
      return arms.map((_arm, at) => ({
        round: round + 1,
        call,
        arm: arms[(at + nth) % arms.length]!,
        seed: seed + nth,
      }));
    }),
  ).flat();
  return [...cold, ...counted];
}
