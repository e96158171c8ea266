import { type Interval, intervalOf, mean } from '@firstword/turn/statistics';
import { coreShare } from './cpu.js';
import type { CallOutcome } from './outcome.js';

/** CPU use of an arm's calls on this machine, as shares of one core; 0.05 is 5 %. */
export interface CpuReport {
  /** Calls with a known CPU cost. */
  calls: number;
  /** Mean share of one core during a call. */
  share: number;
  /** Mean difference to the same calls of the first arm, with its 95 % interval; absent for the first arm. */
  added?: { pairs: number; share: number; interval?: Interval };
}

const sharesOf = (calls: readonly CallOutcome[]) =>
  calls.flatMap(({ round, call, cpu }) => {
    const share = cpu && coreShare(cpu);
    return share === undefined ? [] : [{ call, key: `${round}/${call}`, share }];
  });

function addedCpu(
  calls: readonly CallOutcome[],
  base: readonly CallOutcome[],
  seed: number,
): CpuReport['added'] {
  const inBase = new Map(sharesOf(base).map(({ key, share }) => [key, share]));
  const differences = sharesOf(calls).flatMap(({ call, key, share }) => {
    const baseShare = inBase.get(key);
    return baseShare === undefined ? [] : [{ call, added: share - baseShare }];
  });
  if (differences.length === 0) return undefined;
  const figure = (drawn: typeof differences) => mean(drawn.map(({ added }) => added));
  const interval = intervalOf(
    differences,
    ({ call }) => call,
    (drawn) => figure([...drawn]),
    { seed },
  );
  return { pairs: differences.length, share: figure(differences), ...(interval ? { interval } : {}) };
}

/**
 * CPU use of an arm's calls, and the difference to the same calls of the first arm. Both include the caller, the tape and
 * an emulated LLM, which all arms share, so only the difference is due to the agent.
 * @returns `undefined` where no call has a known CPU cost
 */
export function cpuReport(
  calls: readonly CallOutcome[],
  base: readonly CallOutcome[] | undefined,
  seed: number,
): CpuReport | undefined {
  const shares = sharesOf(calls).map(({ share }) => share);
  if (shares.length === 0) return undefined;
  const added = base && addedCpu(calls, base, seed);
  return { calls: shares.length, share: mean(shares), ...(added ? { added } : {}) };
}
