import { expect, it } from 'vitest';
import { formattedWords, plainWords, textOf } from './text.js';

const words = (text: string) => text.split(' ').map((word) => ({ text: word, startMs: 0, endMs: 0 }));

it.each([
  ['a table for four, please', 'A table for 4, please.'],
  ['hello,', 'Hello.'],
  ['really?', 'Really?'],
])('formats a complete transcript: %s', (text, expected) => {
  expect(textOf(formattedWords(words(text), true))).toBe(expected);
});

it('ends an incomplete one without a full stop', () => {
  expect(textOf(formattedWords(words('a table for four'), false))).toBe('A table for 4');
});

it('leaves case and punctuation out of a plain one', () => {
  expect(textOf(plainWords(words('Well … I’d like Four, please!')))).toBe('well i’d like four please');
});
