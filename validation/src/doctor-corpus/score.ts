import type { Diagnosis } from '@firstword/doctor';
import type { CorpusCase } from './cases.js';

/** What the doctor said of one case. */
export interface CaseScore {
  name: string;
  causes: readonly string[];
  /** Rules that found something, the weightiest first; with the level of each. */
  found: readonly string[];
  /** What comes first is one of the causes; of a healthy case, nothing above `low` was found. */
  isFirst: boolean;
  /** Every cause is among the first three. */
  isInThree: boolean;
}

export interface Totals {
  cases: number;
  first: number;
  inThree: number;
  healthy: number;
  /** Healthy cases of which the doctor found something above `low`. */
  falseAlarms: number;
  /** Healthy cases of which it found anything at all. */
  anything: number;
}

const FIRST_FEW = 3;

export function scoreOf({ name, causes }: CorpusCase, { findings }: Pick<Diagnosis, 'findings'>): CaseScore {
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

export function totalsOf(scores: readonly CaseScore[]): Totals {
  const ill = scores.filter(({ causes }) => causes.length > 0);
  const healthy = scores.filter(({ causes }) => causes.length === 0);
  return {
    cases: ill.length,
    first: ill.filter(({ isFirst }) => isFirst).length,
    inThree: ill.filter(({ isInThree }) => isInThree).length,
    healthy: healthy.length,
    falseAlarms: healthy.filter(({ isFirst }) => !isFirst).length,
    anything: healthy.filter(({ isInThree }) => !isInThree).length,
  };
}

/** Wilson's 95 % interval of a share, in percent. */
export function wilsonInterval(part: number, of: number): [low: number, high: number] {
  const z = 1.96;
  const share = part / of;
  const middle = share + (z * z) / (2 * of);
  const half = z * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of));
  const scale = 100 / (1 + (z * z) / of);
  return [Math.max(0, scale * (middle - half)), Math.min(100, scale * (middle + half))];
}

function share(part: number, of: number): string {
  if (of === 0) return '–';
  const [low, high] = wilsonInterval(part, of);
  return `${part} of ${of} (${((100 * part) / of).toFixed(1)} %, 95 % interval ${low.toFixed(1)}–${high.toFixed(1)})`;
}

export function totalsText(title: string, totals: Totals): string {
  const { cases, first, inThree, healthy, falseAlarms, anything } = totals;
  return [
    title,
    `  an injected cause first         ${share(first, cases)}`,
    `  every one in the top three      ${share(inThree, cases)}`,
    `  false alarms on healthy calls   ${share(falseAlarms, healthy)}`,
    `  anything found in healthy calls ${share(anything, healthy)}`,
  ].join('\n');
}

/** One line a case: for the cases that rules are built on. */
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
