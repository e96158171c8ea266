import { wilsonInterval } from '@firstword/turn/statistics';
import type { WildScore } from './score.js';

/** A proportion with its 95 % interval (Wilson). */
export interface WildShare {
  part: number;
  of: number;
  percent: number | undefined;
  interval: [low: number, high: number] | undefined;
}

function shareOf(part: number, of: number): WildShare {
  return of === 0
    ? { part, of, percent: undefined, interval: undefined }
    : { part, of, percent: (100 * part) / of, interval: wilsonInterval(part, of) };
}

/** The totals of one part of the corpus. */
export interface WildTotals {
  /** Of cases with a cause: the first finding is right. */
  first: WildShare;
  /** Of cases with a cause: one of the first three is right. */
  inThree: WildShare;
  /** Of all cases: a statement that is at least 50 % sure is wrong. */
  confidentWrong: WildShare;
  /** Of healthy cases: a finding above `low`. */
  healthyAlarms: WildShare;
  /** Of cases whose data cannot show the cause: a confident cause that is wrong. */
  undecidableWrong: WildShare;
  /** Of cases in a format that can be read: nothing was read. */
  notRead: WildShare;
  /** Of cases in a format that cannot be read: the format was named. */
  refusedByName: WildShare;
  /** Of all cases: a key or a caller's words were printed. */
  leaks: WildShare;
}

/** Counts the scores. */
export function wildTotals(scores: readonly WildScore[]): WildTotals {
  const wanting = (wanted: WildScore['wanted']) => scores.filter((one) => one.wanted === wanted);
  const count = (of: readonly WildScore[], is: (one: WildScore) => boolean) =>
    shareOf(of.filter(is).length, of.length);
  const isWrong = ({ wrong }: WildScore) => wrong.length > 0;
  return {
    first: count(wanting('cause'), ({ isFirst }) => isFirst),
    inThree: count(wanting('cause'), ({ isInThree }) => isInThree),
    confidentWrong: count(scores, isWrong),
    healthyAlarms: count(wanting('nothing'), ({ isAlarm }) => isAlarm),
    undecidableWrong: count(wanting('no confident cause'), isWrong),
    notRead: count(
      scores.filter(({ wanted, cause }) => wanted !== 'refusal by name' && cause !== 'figures-missing'),
      ({ isRead }) => !isRead,
    ),
    refusedByName: count(wanting('refusal by name'), ({ isRefusedByName }) => isRefusedByName),
    leaks: count(scores, ({ isLeak }) => isLeak),
  };
}

function shareText({ part, of, percent, interval }: WildShare): string {
  if (percent === undefined || interval === undefined) return '–';
  return `${part} of ${of}: ${percent.toFixed(1)} % (${interval[0].toFixed(1)}–${interval[1].toFixed(1)})`;
}

const TITLES: Readonly<Record<keyof WildTotals, string>> = {
  first: 'right first',
  inThree: 'right in the top three',
  confidentWrong: 'at least 50 % sure and wrong',
  healthyAlarms: 'healthy, with a finding above low',
  undecidableWrong: 'undecidable, with a confident cause',
  notRead: 'readable format, not read',
  refusedByName: 'unreadable format, named',
  leaks: 'a key or words printed',
};

/** The totals as text. */
export function wildTotalsText(title: string, totals: WildTotals): string {
  const keys = Object.keys(TITLES) as (keyof WildTotals)[];
  return [title, ...keys.map((key) => `  ${TITLES[key].padEnd(38)}${shareText(totals[key])}`)].join('\n');
}

/** How many of a group went right, one line a group. */
export function wildGroupText(scores: readonly WildScore[], by: 'cause' | 'shape'): string {
  const names = [...new Set(scores.map((one) => one[by]))].sort();
  const lines = names.map((name) => {
    const totals = wildTotals(scores.filter((one) => one[by] === name));
    const cell = (label: string, { part, of }: WildShare) => `${label} ${part}/${of}`.padEnd(16);
    return [
      `  ${name.padEnd(24)} `,
      cell('first', totals.first),
      cell('three', totals.inThree),
      cell('alarms', totals.healthyAlarms),
      cell('wrong', totals.confidentWrong),
      cell('not read', totals.notRead),
    ].join('');
  });
  return lines.join('\n');
}

/** Whether a case went as wanted. */
export function isRight({ wanted, isFirst, isAlarm, isRefusedByName, wrong, isLeak }: WildScore): boolean {
  if (isLeak || wrong.length > 0) return false;
  if (wanted === 'cause') return isFirst;
  if (wanted === 'nothing') return !isAlarm;
  return wanted === 'no confident cause' || isRefusedByName;
}

/** One line for a case. */
export function wildCaseText(score: WildScore): string {
  const answer = score.isRead
    ? score.found.slice(0, 4).join(', ') || 'nothing'
    : `NOT READ: ${score.refusal?.split('\n')[0]}`;
  const wrong = score.wrong.length > 0 ? `  wrong: ${score.wrong.join(', ')}` : '';
  return `${score.name.padEnd(64)} ${answer}${wrong}${score.isLeak ? '  LEAK' : ''}`;
}
