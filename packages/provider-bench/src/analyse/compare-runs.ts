import type { RunFile } from '../run-file.js';
import type { BenchArmReport } from './arm-report.js';
import { differenceAt, type PercentileDifference } from './difference.js';
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
  /** At p50 and p95; empty where one of them was never answered. */
  differences: PercentileDifference[];
  /** The error rates' intervals do not meet. */
  errors: 'more' | 'fewer' | 'no-difference-shown';
}

export interface RunComparison {
  type: 'bench-comparison';
  schema: 'firstword.bench-comparison/1';
  old: BenchReport;
  now: BenchReport;
  arms: ArmChange[];
  /** Arms of one run only. */
  onlyOld: string[];
  onlyNow: string[];
  /** What was asked otherwise, in words: the runs then differ by more than time. */
  changedSettings: string[];
}

/** Settings that change what is measured, with the names that people read. */
const TELLING: [name: string, of: (run: RunFile) => unknown][] = [
  ['languages', ({ plan }) => plan.languages.join(', ')],
  ['tokens of the system prompt', ({ plan }) => plan.systemTokens],
  ['turns of a conversation', ({ plan }) => plan.historyTurns],
  ['most tokens of an answer', ({ plan }) => plan.maxCompletionTokens],
  ['requests a second', ({ plan }) => plan.perSecond],
  ['timeout in ms', ({ plan }) => plan.timeoutMs],
  ['prompt file', ({ plan }) => plan.promptFile],
  ['replayed records', ({ plan }) => plan.replay],
  ['region', ({ machine }) => machine.region],
  ['machine', ({ machine }) => `${machine.cpu}, ${machine.cores} cores`],
];

const settingText = (value: unknown) => (value === undefined || value === '' ? 'none' : String(value));

function changedSettings(old: RunFile, now: RunFile): string[] {
  return TELLING.flatMap(([name, of]) => {
    const [before, after] = [settingText(of(old)), settingText(of(now))];
    return before === after ? [] : [`${name}: ${before} then, ${after} now`];
  });
}

function errorsOf(old: BenchArmReport, now: BenchArmReport): ArmChange['errors'] {
  if (!old.failures || !now.failures) return 'no-difference-shown';
  if (now.failures.low > old.failures.high) return 'more';
  return now.failures.high < old.failures.low ? 'fewer' : 'no-difference-shown';
}

/** Holds a run against an older one, arm by arm. All comparisons hold together in 95 of 100 pairs of runs. */
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
