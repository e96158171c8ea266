import { GATEWAY_FAULT_CASES } from '../fault-cases.js';
import { type FaultVerdict, isAccepted } from '../fault-verdict.js';
import { ANSWER_LIMIT_MS, type GatewayFaultTrial, measureFaults } from '../faults.js';
import { checkExactly, textTable } from '../tables.js';
import type { GatewayBenchPart, GatewayPartResult } from './part.js';

const DEFAULT_SEEDS = 4;
const QUICK_SEEDS = 1;

/** The verdicts of one fault, such as `4 whole` or `3 told, 1 late`. */
function verdictsOf(trials: readonly GatewayFaultTrial[]): string {
  const counts = new Map<FaultVerdict, number>();
  for (const { verdict } of trials) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  return [...counts].map(([verdict, count]) => `${count} ${verdict}`).join(', ') || '–';
}

/** One row for each fault, one column for each arm, and the sums. */
function tableOf(trials: readonly GatewayFaultTrial[]): string {
  const arms = [...new Set(trials.map(({ arm }) => arm))];
  const faults = GATEWAY_FAULT_CASES.map(({ name }) => name);
  const of = (arm: string, fault?: string) =>
    trials.filter((trial) => trial.arm === arm && (fault === undefined || trial.fault === fault));
  const sum = (arm: string, accept: (verdict: FaultVerdict) => boolean) =>
    `${of(arm).filter(({ verdict }) => accept(verdict)).length} of ${of(arm).length}`;
  return textTable(
    ['fault of the primary', ...arms],
    [
      ...faults.map((fault) => [fault, ...arms.map((arm) => verdictsOf(of(arm, fault)))]),
      ['whole in time', ...arms.map((arm) => sum(arm, (verdict) => verdict === 'whole'))],
      ['whole, continued or told', ...arms.map((arm) => sum(arm, isAccepted))],
    ],
  );
}

/** A faulty primary and a healthy backup. */
export const faultsPart: GatewayBenchPart = {
  about:
    'faulty primary, healthy backup: answers that are whole in time, or honest about where they broke off',
  async run({ ours, peers, quick, seeds, folder, progress, signal }): Promise<GatewayPartResult> {
    const missing: GatewayPartResult['missing'] = [];
    const trials = await measureFaults({
      arms: [
        { name: ours.name, arm: ours, holdUntilClause: false },
        { name: `${ours.name}, voice`, arm: ours, holdUntilClause: true },
        ...peers.map((arm) => ({ name: arm.name, arm, holdUntilClause: false })),
      ],
      seeds: seeds ?? (quick ? QUICK_SEEDS : DEFAULT_SEEDS),
      folder,
      onDone: (name) => progress(`faults: ${name} is done`),
      onMissing: (name, reason) => missing.push({ name, reason }),
      signal,
    });
    const mine = trials.filter(({ arm }) => arm.startsWith(ours.name));
    const failed = mine.filter(({ verdict }) => !isAccepted(verdict));
    const title = `A faulty primary and a healthy backup (first content after 800 ms). In time: the whole answer within ${ANSWER_LIMIT_MS} ms.`;
    const details = failed.map(
      ({ arm, fault, seed, verdict, answer }) =>
        `${arm}: ${fault}, seed ${seed}: ${verdict} (${answer.error ?? answer.finishReason ?? 'no finish reason'}, ${answer.totalMs.toFixed(0)} ms)`,
    );
    const checkOf = (name: string) => {
      const of = mine.filter(({ arm }) => arm === name);
      const accepted = of.filter(({ verdict }) => isAccepted(verdict)).length;
      return checkExactly(`faults, ${name}: whole in time, continued or told`, of.length, accepted);
    };
    return {
      tables: [[title, tableOf(trials), ...details].join('\n')],
      checks: [...new Set(mine.map(({ arm }) => arm))].map(checkOf),
      missing,
      data: trials,
    };
  },
};
