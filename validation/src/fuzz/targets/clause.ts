import { ClauseCutter, spokenLength, toSpeech } from '@firstword/turn';
import { oneOf } from '@firstword/turn/statistics';
import { textOf } from '../inputs.js';
import { expect, type FuzzTarget } from './target.js';

const MARKS = [
  ...'Sure, Well. Dr. St. J. 6 p.m. 3.50 1, am 3. etc. … ... ? ! ; : — – - 。 ， । ؟ ။ ไทย ไทย 订桌子 मेज़'.split(
    ' ',
  ),
  'word ',
  ' ',
  ' ',
  '\n',
  '[',
  '](',
  ')',
  '<a ',
  '<',
  '>',
  '**',
  '_',
  '`',
  '```\n',
  '|',
  '|---',
  '> ',
  '- ',
  '# ',
  '1. ',
  '"',
  '”',
  '<!--',
  '-->',
  '[^',
  '【',
  '&amp;',
  '\\*',
  'https://a.b/c',
  '<https://',
  '“',
  '*',
  '~~',
  '=',
  '\t',
];

/** The clause cutter, and what makes speech of Markdown. */
export const clause: FuzzTarget<string[]> = {
  name: 'clause',
  make(random) {
    const text = textOf(MARKS, random);
    const chunks: string[] = [];
    // A long text comes in large chunks: an LLM sends a few hundred a second at most.
    const most = text.length > 2_000 ? 400 : 12;
    for (let at = 0; at < text.length; ) {
      const length = random.integer(1, most);
      chunks.push(text.slice(at, at + length));
      at += length;
    }
    return [oneOf(['15', '3', 'Infinity'], random), oneOf(['240', '20'], random), ...chunks];
  },
  read([first, most, ...chunks]) {
    const cutter = new ClauseCutter({ firstPhraseLetters: Number(first), maxLetters: Number(most) });
    let clauses = '';
    for (const chunk of chunks) {
      for (const { text } of cutter.push(chunk)) clauses += text;
      cutter.provisionalClause;
    }
    for (const { text } of cutter.end()) clauses += text;
    const whole = chunks.join('');
    expect(whole.startsWith(clauses), 'the clauses are not the text');
    expect(spokenLength(whole.slice(clauses.length)) === 0, 'spoken text is missing');
    toSpeech(whole);
  },
};
