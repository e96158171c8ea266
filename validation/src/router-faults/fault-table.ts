import { median } from '@firstword/turn/statistics';
import type { FaultTrial } from './fault-trial.js';

/** Results of one arm for one fault. */
export interface FaultRow {
  fault: string;
  arm: string;
  trials: number;
  /** Trials in which any text arrived. */
  answered: number;
  /** Trials that ended with exactly the expected answer. */
  correct: number;
  /** Correct trials whose first text arrived within `deadlineMs` plus the healthy backup's time to first text. */
  inTime: number;
  /** Median and longest time to first text of the answered trials, ms. */
  p50Ms?: number;
  maxMs?: number;
}

/** Tolerance for timers and the event loop, added to the deadline, ms. */
export const SLACK_MS = 50;

/**
 * One row per fault and arm.
 * @param options.deadlineMs first-content deadline, ms
 */
export function faultRows(trials: readonly FaultTrial[], options: { deadlineMs: number }): FaultRow[] {
  const faults = [...new Set(trials.map(({ fault }) => fault))];
  const arms = [...new Set(trials.flatMap((trial) => Object.keys(trial.arms)))];
  return faults.flatMap((fault) => {
    const matching = trials.filter((trial) => trial.fault === fault);
    return arms.map((arm) => rowOf({ fault, arm, matching, deadlineMs: options.deadlineMs }));
  });
}

function rowOf(options: {
  fault: string;
  arm: string;
  matching: FaultTrial[];
  deadlineMs: number;
}): FaultRow {
  const { fault, arm, matching, deadlineMs } = options;
  const answers = matching.map((trial) => ({ ...trial, ...trial.arms[arm]! }));
  const times = answers.flatMap(({ firstTextMs }) => firstTextMs ?? []);
  const correct = answers.filter(({ text, expected, end }) => end === 'ended' && text === expected);
  const inTime = correct.filter(
    ({ firstTextMs, backupMs }) => firstTextMs! <= deadlineMs + backupMs + SLACK_MS,
  );
  return {
    fault,
    arm,
    trials: matching.length,
    answered: times.length,
    correct: correct.length,
    inTime: inTime.length,
    ...(times.length > 0 && { p50Ms: median(times)!, maxMs: Math.max(...times) }),
  };
}

/** The rows as a text table. */
export function renderFaultRows(rows: readonly FaultRow[]): string {
  const share = (part: number, whole: number) => `${part}/${whole}`.padStart(8);
  const ms = (value: number | undefined) => (value === undefined ? '–' : value.toFixed(0)).padStart(8);
  const header = `${'fault of the primary'.padEnd(24)}${'arm'.padEnd(18)}${['answered', 'correct', 'in time', 'p50 ms', 'max ms'].map((name) => ` ${name.padStart(8)}`).join('')}`;
  const lines = rows.map(
    ({ fault, arm, trials, answered, correct, inTime, p50Ms, maxMs }) =>
      `${fault.padEnd(24)}${arm.padEnd(18)} ${share(answered, trials)} ${share(correct, trials)} ${share(inTime, trials)} ${ms(p50Ms)} ${ms(maxMs)}`,
  );
  return [header, ...lines].join('\n');
}
