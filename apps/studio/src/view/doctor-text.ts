import type { DoctorFinding, DoctorReport, LeverSet } from '../protocol.js';
import { leverSetName } from './lever-text.js';

/** With this many turns every rule can apply: a slow first turn needs three, growing prompts five, stragglers six. */
const TURNS_FOR_ALL_RULES = 6;

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/** The summary sentence of a report. */
export function verdictText({ verdict, findings, answered }: DoctorReport): string {
  return findings.length === 0 && answered > 0 ? `No findings in ${plural(answered, 'turn')}.` : verdict;
}

/** Which turns were examined, and what could not be examined yet. */
export function scopeText(report: DoctorReport, firstword: LeverSet): string {
  const { turns, answered, findings, levers } = report;
  const without = turns - answered;
  const sentences = [
    `Based on the ${plural(turns, 'newest turn')} of this call with ${leverSetName(levers, firstword)}.`,
  ];
  if (without > 0) sentences.push(`${plural(without, 'turn')} without a felt gap.`);
  if (findings.length > 1) sentences.push('Savings overlap and do not add up.');
  if (answered < TURNS_FOR_ALL_RULES)
    sentences.push(
      'More turns are needed to detect a slow first turn (three), growing prompts (five) and stragglers (six).',
    );
  return sentences.join(' ');
}

/** The example turns of a piece of evidence: "turns 2, 5, 6". */
export function turnsText({ turns, examples }: DoctorFinding['evidence'][number]): string {
  // Turn 0 is the call itself, for its time to hello.
  const numbers = examples.flatMap(({ turn }) => (turn === 0 ? [] : [turn])).sort((a, b) => a - b);
  if (numbers.length === 0) return '';
  const named = `turn${numbers.length === 1 ? '' : 's'} ${numbers.join(', ')}`;
  return turns > numbers.length ? `${plural(turns, 'turn')}, such as ${named}` : named;
}

/** Splits a text at backticks; the pieces at odd indices are code. An unpaired backtick stays in the text. */
export function splitCode(text: string): string[] {
  const pieces = text.split('`');
  if (pieces.length % 2 === 1) return pieces;
  const last = pieces.pop()!;
  return [...pieces.slice(0, -1), `${pieces.at(-1)}\`${last}`];
}
