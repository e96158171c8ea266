/** One scheduled call. `round` counts from 1; 0 is the warm-up, which is not counted. */
export interface ScheduledCall<Call, Arm> {
  round: number;
  call: Call;
  arm: Arm;
  /** Seed of the caller's pauses and room noise, the same in every arm. */
  seed: number;
}

/**
 * Schedules every call in every arm, round after round. Arms are interleaved call by call, and the first arm rotates, so
 * that changes on the machine affect all arms alike.
 */
export function interleaved<Call, Arm>(options: {
  calls: readonly Call[];
  arms: readonly Arm[];
  rounds: number;
  seed: number;
  /** Plays the first call once per arm before all others, as round 0; default false. */
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
