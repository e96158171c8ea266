import type { DoctorFinding, DoctorReport, LeverSet } from '../protocol.js';
import { leverSetName } from './lever-text.js';

/** What only several turns show takes up to this many: a slow first turn three, growing prompts five, stragglers six. */
const TURNS_FOR_ALL_RULES = 6;

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/** The sentence that comes first. */
export function verdictText({ verdict, findings, answered }: DoctorReport): string {
  return findings.length === 0 && answered > 0
    ? `Nothing stands out in ${plural(answered, 'turn')}.`
    : verdict;
}

/** What was examined, and what was not there to be. */
export function scopeText(report: DoctorReport, firstword: LeverSet): string {
  const { turns, answered, findings, levers } = report;
  const without = turns - answered;
  const sentences = [
    `Of the ${plural(turns, 'newest turn')} of this call with ${leverSetName(levers, firstword)}.`,
  ];
  if (without > 0) sentences.push(`${plural(without, 'turn')} without a felt gap.`);
  if (findings.length > 1) sentences.push('Savings overlap: they do not add up.');
  if (answered < TURNS_FOR_ALL_RULES)
    sentences.push(
      'A slow first turn shows from three turns on, growing prompts from five, stragglers from six.',
    );
  return sentences.join(' ');
}

/** "turns 2, 5 and 6": the ones of a line of evidence that show it best. */
export function turnsText({ turns, examples }: DoctorFinding['evidence'][number]): string {
  const numbers = examples.map(({ turn }) => turn).sort((a, b) => a - b);
  if (numbers.length === 0) return '';
  const named = `turn${numbers.length === 1 ? '' : 's'} ${numbers.join(', ')}`;
  return turns > numbers.length ? `${plural(turns, 'turn')}, such as ${named}` : named;
}

/** Text in which some is code, between backticks: the odd pieces are. A backtick without a partner is text. */
export function splitCode(text: string): string[] {
  const pieces = text.split('`');
  if (pieces.length % 2 === 1) return pieces;
  const last = pieces.pop()!;
  return [...pieces.slice(0, -1), `${pieces.at(-1)}\`${last}`];
}
