import type { HeardWord } from '../hear/recognizer.js';

/** What Deepgram's smart formatting and others' inverse text normalization write as digits. */
const NUMERALS: Readonly<Record<string, string>> = {
  two: '2',
  three: '3',
  four: '4',
  five: '5',
  six: '6',
  seven: '7',
  eight: '8',
  nine: '9',
  ten: '10',
  eleven: '11',
  twelve: '12',
};

/** A word without case and punctuation, as an unformatted transcript has it. */
export function plainWord(word: string): string {
  return word.toLowerCase().replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
}

function withPlainWord(word: string, plain: string): string {
  const at = word.toLowerCase().indexOf(plainWord(word));
  return `${word.slice(0, at)}${plain}${word.slice(at + plainWord(word).length)}`;
}

/** Words of a formatted transcript: a capital first, number words as digits, and at the end of a complete one a full stop. */
export function formattedWords(words: readonly HeardWord[], isComplete: boolean): HeardWord[] {
  return words.map((word, index) => {
    const numeral = NUMERALS[plainWord(word.text)];
    let text = numeral === undefined ? word.text : withPlainWord(word.text, numeral);
    if (index === 0) text = text.charAt(0).toUpperCase() + text.slice(1);
    if (isComplete && index === words.length - 1 && !/[.?!…]$/.test(text)) {
      text = `${text.replace(/[,;:]$/, '')}.`;
    }
    return { ...word, text };
  });
}

/** Words of an unformatted transcript. A word that is only punctuation is left out. */
export function plainWords(words: readonly HeardWord[]): HeardWord[] {
  return words.map((word) => ({ ...word, text: plainWord(word.text) })).filter(({ text }) => text !== '');
}

/** The words as one text. */
export function textOf(words: readonly HeardWord[]): string {
  return words.map(({ text }) => text).join(' ');
}

/** Other words of the same length, for the fault of a final that contradicts its interims. */
export function changedWords(words: readonly HeardWord[]): HeardWord[] {
  const others = ['actually', 'never', 'mind', 'the', 'other', 'one'];
  return words.map((word, index) => ({ ...word, text: others[index % others.length]! }));
}
