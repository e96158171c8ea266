import type { RunFile } from '../run-file.js';
import type { BenchArmReport } from './arm-report.js';
import { type ArmDifference, differenceAt } from './difference.js';
import type { OtherStages } from './felt-gap.js';
import type { Percent } from './quantile.js';
import { type BenchReport, benchReport } from './report.js';
import { timesOf } from './times.js';

const COMPARED = [50, 95] as const satisfies readonly Percent[];

/** One arm in both runs. */
export interface ArmChange {
  armId: string;
  old: BenchArmReport;
  now: BenchArmReport;
  /** At p50 and p95; empty where the arm was not answered in one of the runs. */
  differences: ArmDifference[];
  /** `more` or `fewer` where the intervals of the two error rates do not overlap. */
  errors: 'more' | 'fewer' | 'no-difference-shown';
}

/** Two runs compared arm by arm: the JSON that `firstword bench --compare --json` prints. */
export interface RunComparison {
  type: 'bench-comparison';
  schema: 'firstword.bench-comparison/1';
  old: BenchReport;
  now: BenchReport;
  arms: ArmChange[];
  /** Ids of arms that are in one run only. */
  onlyOld: string[];
  onlyNow: string[];
  /** Settings that differ between the runs, as text. If there are any, time is not the only cause of a change. */
  changedSettings: string[];
}

/** Settings that affect the results, with their display names. */
const COMPARED_SETTINGS: [name: string, of: (run: RunFile) => unknown][] = [
  ['languages', ({ plan }) => plan.languages.join(', ')],
  ['system prompt tokens', ({ plan }) => plan.systemTokens],
  ['turns per conversation', ({ plan }) => plan.historyTurns],
  ['maximum answer tokens', ({ plan }) => plan.maxCompletionTokens],
  ['requests per second', ({ plan }) => plan.perSecond],
  ['timeout, ms', ({ plan }) => plan.timeoutMs],
  ['prompt file', ({ plan }) => plan.promptFile],
  ['replayed records', ({ plan }) => plan.replay],
  ['region', ({ machine }) => machine.region],
  ['machine', ({ machine }) => `${machine.cpu}, ${machine.cores} cores`],
];

const settingText = (value: unknown) => (value === undefined || value === '' ? 'none' : String(value));

function changedSettings(old: RunFile, now: RunFile): string[] {
  return COMPARED_SETTINGS.flatMap(([name, of]) => {
    const [before, after] = [settingText(of(old)), settingText(of(now))];
    return before === after ? [] : [`${name}: old ${before}, new ${after}`];
  });
}

function errorsOf(old: BenchArmReport, now: BenchArmReport): ArmChange['errors'] {
  if (!old.failures || !now.failures) return 'no-difference-shown';
  if (now.failures.low > old.failures.high) return 'more';
  return now.failures.high < old.failures.low ? 'fewer' : 'no-difference-shown';
}

/** Compares a run with an older one, arm by arm. The intervals hold jointly at 95 %. */
export function compareRuns(
  old: RunFile,
  now: RunFile,
  options: { stages?: OtherStages } = {},
): RunComparison {
  const [before, after] = [benchReport(old, options), benchReport(now, options)];
  const both = after.arms.flatMap((one) => {
    const same = before.arms.find(({ arm }) => arm.id === one.arm.id);
    return same ? [{ old: same, now: one, armId: one.arm.id }] : [];
  });
  const comparisons = both.length * COMPARED.length;
  const arms = both.map((pair, at): ArmChange => {
    const [a, b] = [timesOf(old, pair.armId), timesOf(now, pair.armId)];
    const differences = COMPARED.flatMap(
      (percent) => differenceAt(a, b, { percent, comparisons, seed: 1 + at }) ?? [],
    );
    return { ...pair, differences, errors: errorsOf(pair.old, pair.now) };
  });
  const only = (these: BenchReport, those: BenchReport) =>
    these.arms.map(({ arm }) => arm.id).filter((id) => !those.arms.some(({ arm }) => arm.id === id));
  return {
    type: 'bench-comparison',
    schema: 'firstword.bench-comparison/1',
    old: before,
    now: after,
    arms,
    onlyOld: only(before, after),
    onlyNow: only(after, before),
    changedSettings: changedSettings(old, now),
  };
}
