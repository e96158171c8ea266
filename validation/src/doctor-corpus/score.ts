import type { Diagnosis } from '@firstword/doctor';
import { wilsonInterval } from '@firstword/turn/statistics';
import type { LabelledCase } from './cases.js';

/** Score of the doctor's findings for one case. */
export interface CaseScore {
  name: string;
  causes: readonly string[];
  /** Findings as `rule (level weight)`, largest weight first. */
  found: readonly string[];
  /** Whether the first finding is one of the causes; for a healthy case, whether there is no finding above `low`. */
  isFirst: boolean;
  /** Whether every cause is among the first three findings; for a healthy case, whether there is no finding. */
  isInThree: boolean;
}

/** Counts over the cases of one part of the corpus. */
export interface CorpusTotals {
  /** Cases with a cause. */
  cases: number;
  /** Of these, cases with a cause as the first finding. */
  first: number;
  /** Of these, cases with every cause among the first three findings. */
  inThree: number;
  /** Healthy cases. */
  healthy: number;
  /** Healthy cases with a finding above `low`. */
  falseAlarms: number;
  /** Healthy cases with any finding. */
  anything: number;
}

const FIRST_FEW = 3;

/** Scores the findings for one case. */
export function scoreCase(
  { name, causes }: LabelledCase,
  { findings }: Pick<Diagnosis, 'findings'>,
): CaseScore {
  const rules = findings.map(({ rule }) => rule);
  const few = rules.slice(0, FIRST_FEW);
  const isHealthy = causes.length === 0;
  return {
    name,
    causes,
    found: findings.map(({ rule, level, weightMs }) => `${rule} (${level} ${Math.round(weightMs)})`),
    isFirst: isHealthy ? findings.every(({ level }) => level === 'low') : causes.includes(rules[0] ?? ''),
    isInThree: isHealthy ? findings.length === 0 : causes.every((cause) => few.includes(cause)),
  };
}

/** Counts the scores. */
export function totalsOf(scores: readonly CaseScore[]): CorpusTotals {
  const withCause = scores.filter(({ causes }) => causes.length > 0);
  const healthy = scores.filter(({ causes }) => causes.length === 0);
  return {
    cases: withCause.length,
    first: withCause.filter(({ isFirst }) => isFirst).length,
    inThree: withCause.filter(({ isInThree }) => isInThree).length,
    healthy: healthy.length,
    falseAlarms: healthy.filter(({ isFirst }) => !isFirst).length,
    anything: healthy.filter(({ isInThree }) => !isInThree).length,
  };
}

function share(part: number, of: number): string {
  if (of === 0) return '–';
  const [low, high] = wilsonInterval(part, of);
  return `${part} of ${of} (${((100 * part) / of).toFixed(1)} %, 95 % interval ${low.toFixed(1)}–${high.toFixed(1)})`;
}

/** The totals as text, with intervals. */
export function totalsText(title: string, totals: CorpusTotals): string {
  const { cases, first, inThree, healthy, falseAlarms, anything } = totals;
  return [
    title,
    `  an injected cause is first       ${share(first, cases)}`,
    `  all causes in the top three      ${share(inThree, cases)}`,
    `  false alarms in healthy calls    ${share(falseAlarms, healthy)}`,
    `  any finding in healthy calls     ${share(anything, healthy)}`,
  ].join('\n');
}

/** One line for a case; only for development cases. */
export function caseText({ name, causes, found, isFirst, isInThree }: CaseScore): string {
  const verdict = isFirst
    ? isInThree || causes.length === 0
      ? 'ok'
      : 'not all in three'
    : causes.length === 0
      ? 'ALARM'
      : 'MISSED';
  return `${verdict.padEnd(16)} ${name.padEnd(44)} ${found.slice(0, 4).join(', ') || 'nothing'}`;
}
