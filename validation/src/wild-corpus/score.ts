import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { diagnose, examine, type RankedFinding } from '@firstword/doctor';
import { wilsonInterval } from '../doctor-corpus/score.js';
import { makeCase, type WildCase } from './cases.js';
import { truthsOf } from './truths.js';

/** What kind of answer a case wants. */
export type WantedAnswer = 'cause' | 'nothing' | 'no confident cause';

/** How the doctor did on one case. */
export interface WildScore {
  name: string;
  cause: string;
  shape: string;
  wanted: WantedAnswer;
  isHeldOut: boolean;
  /** Findings as `rule level confidence %`, the first first. */
  found: string[];
  /** Whether it found turns or events at all. */
  isRead: boolean;
  /** What it said instead, where it did not read the input. */
  refusal?: string;
  /** The first finding is one that is accepted. */
  isFirst: boolean;
  /** One of the first three is. */
  isInThree: boolean;
  /** Findings above `low` that are at least 50 % sure and neither accepted nor true. */
  wrong: string[];
  /** A finding above `low`. */
  isAlarm: boolean;
}

const SURE = 0.5;
const FIRST_FEW = 3;

const wantedOf = ({ cause }: WildCase): WantedAnswer =>
  cause.isUndecidable ? 'no confident cause' : cause.id === 'healthy' ? 'nothing' : 'cause';

/** Reads a file as the command line does. */
async function findingsOf(
  path: string,
): Promise<{ findings: RankedFinding[]; isRead: boolean; refusal?: string }> {
  try {
    const evidence = await examine([path]);
    const isRead = evidence.turns.length > 0 || evidence.events.length > 0;
    if (!isRead) return { findings: [], isRead, refusal: 'no turn and no event' };
    return { findings: diagnose(evidence).findings, isRead };
  } catch (error) {
    return { findings: [], isRead: false, refusal: (error as Error).message };
  }
}

/** Writes a case to `folder`, below its name. */
export async function writeWildCase(one: WildCase, folder: string): Promise<string> {
  const place = join(folder, one.name.replaceAll('/', '__'));
  const { file } = makeCase(one);
  await mkdir(place, { recursive: true });
  const path = join(place, file.name);
  await writeFile(path, file.text);
  return path;
}

/** Scores the doctor on one case, whose file is written to `folder`. */
export async function scoreWildCase(one: WildCase, folder: string): Promise<WildScore> {
  const path = await writeWildCase(one, folder);
  const { findings, isRead, refusal } = await findingsOf(path);
  const { cause } = one;
  const truths = truthsOf(makeCase(one).calls);
  const isAccepted = ({ rule, kind }: RankedFinding) =>
    cause.accepted.includes(rule) || cause.accepted.includes(`kind:${kind}`);
  const wrong = findings.filter(
    (one) =>
      one.kind === 'cause' &&
      one.level !== 'low' &&
      one.confidence.value >= SURE &&
      !isAccepted(one) &&
      !cause.alsoTrue.includes(one.rule) &&
      !truths.has(one.rule),
  );
  return {
    name: one.name,
    cause: cause.id,
    shape: one.shape.id,
    wanted: wantedOf(one),
    isHeldOut: one.isHeldOut,
    found: findings.map(
      ({ rule, level, confidence }) => `${rule} ${level} ${Math.round(100 * confidence.value)} %`,
    ),
    isRead,
    ...(refusal === undefined ? {} : { refusal }),
    isFirst: findings[0] !== undefined && isAccepted(findings[0]),
    isInThree: findings.slice(0, FIRST_FEW).some(isAccepted),
    wrong: wrong.map(({ rule }) => rule),
    isAlarm: findings.some(({ level }) => level !== 'low'),
  };
}

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
  /** Of all cases: a statement at least 50 % sure is wrong. */
  confidentWrong: WildShare;
  /** Of healthy cases: a finding above `low`. */
  healthyAlarms: WildShare;
  /** Of cases whose data cannot show the cause: a confident cause that is wrong. */
  undecidableWrong: WildShare;
  /** Of all cases: nothing was read. */
  notRead: WildShare;
}

/** Counts the scores. */
export function wildTotals(scores: readonly WildScore[]): WildTotals {
  const caused = scores.filter(({ wanted }) => wanted === 'cause');
  const healthy = scores.filter(({ wanted }) => wanted === 'nothing');
  const undecidable = scores.filter(({ wanted }) => wanted === 'no confident cause');
  const count = (of: readonly WildScore[], is: (one: WildScore) => boolean) =>
    shareOf(of.filter(is).length, of.length);
  return {
    first: count(caused, ({ isFirst }) => isFirst),
    inThree: count(caused, ({ isInThree }) => isInThree),
    confidentWrong: count(scores, ({ wrong }) => wrong.length > 0),
    healthyAlarms: count(healthy, ({ isAlarm }) => isAlarm),
    undecidableWrong: count(undecidable, ({ wrong }) => wrong.length > 0),
    notRead: count(scores, ({ isRead }) => !isRead),
  };
}

function shareText({ part, of, percent, interval }: WildShare): string {
  if (percent === undefined || interval === undefined) return '–';
  return `${part} of ${of}: ${percent.toFixed(1)} % (${interval[0].toFixed(1)}–${interval[1].toFixed(1)})`;
}

/** The totals as text. */
export function wildTotalsText(title: string, totals: WildTotals): string {
  return [
    title,
    `  right first                              ${shareText(totals.first)}`,
    `  right in the top three                   ${shareText(totals.inThree)}`,
    `  confident (>= 50 %) and wrong            ${shareText(totals.confidentWrong)}`,
    `  healthy with a finding above low         ${shareText(totals.healthyAlarms)}`,
    `  undecidable, but a confident wrong cause ${shareText(totals.undecidableWrong)}`,
    `  not read                                 ${shareText(totals.notRead)}`,
  ].join('\n');
}

/** How many of a group are right first, for a table. */
export function wildGroupText(scores: readonly WildScore[], by: 'cause' | 'shape'): string {
  const names = [...new Set(scores.map((one) => one[by]))].sort();
  const lines = names.map((name) => {
    const { first, inThree, healthyAlarms, confidentWrong, notRead } = wildTotals(
      scores.filter((one) => one[by] === name),
    );
    const cells = [
      `first ${first.part}/${first.of}`,
      `three ${inThree.part}/${inThree.of}`,
      `alarms ${healthyAlarms.part}/${healthyAlarms.of}`,
      `wrong ${confidentWrong.part}/${confidentWrong.of}`,
      `not read ${notRead.part}/${notRead.of}`,
    ];
    return `  ${name.padEnd(24)} ${cells.map((cell) => cell.padEnd(16)).join('')}`;
  });
  return lines.join('\n');
}

/** Whether a case went as wanted. */
export const isRight = ({ wanted, isFirst, isAlarm, wrong }: WildScore): boolean =>
  wanted === 'cause' ? isFirst && wrong.length === 0 : wanted === 'nothing' ? !isAlarm : wrong.length === 0;

/** One line for a case that went wrong. */
export function wildCaseText(score: WildScore): string {
  const answer = score.isRead
    ? score.found.slice(0, 4).join(', ') || 'nothing'
    : `NOT READ: ${score.refusal?.split('\n')[0]}`;
  const wrong = score.wrong.length > 0 ? `  wrong: ${score.wrong.join(', ')}` : '';
  return `${score.name.padEnd(64)} ${answer}${wrong}`;
}
