import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { speakablePieces } from './text.js';

describe('text for flite', () => {
  it('is divided at the ends of sentences', () => {
    expect(speakablePieces('Yes, we are open. What time? Dr. "Who!" Fine')).toEqual([
      'Yes, we are open.',
      'What time?',
      'Dr.',
      '"Who!"',
      'Fine',
    ]);
  });

  it('keeps numbers whole', () => {
    expect(speakablePieces('It costs 3.50, at 10:30.')).toEqual(['It costs 3.50, at 10:30.']);
  });

  it('is divided at a comma when a sentence is long', () => {
    const half = 'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen';
    expect(speakablePieces(`${half}, ${half}.`)).toEqual([`${half},`, `${half}.`]);
  });

  it('loses its accents and typography, not its words', () => {
    expect(speakablePieces('“Café” – it’s déjà vu…')).toEqual(['"Cafe" , it\'s deja vu...']);
  });

  it.each(['', '   ', '😀', '...', '\u0000\u0007', 'नमस्ते', '<>*'])(
    'has no pieces without words: %j',
    (text) => {
      expect(speakablePieces(text)).toEqual([]);
    },
  );

  it('is short, printable and without overlong words, for any input', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 3_000 }),
      fc.string({ unit: 'grapheme', maxLength: 3_000 }),
      fc.array(fc.stringMatching(/^[a-z]{0,200}[,.;]?$/)).map((words) => words.join(' ')),
    );
    fc.assert(
      fc.property(text, (anything) => {
        for (const piece of speakablePieces(anything)) {
          expect(piece).toMatch(/^[ -~]{1,160}$/);
          for (const word of piece.split(' ')) expect(word.length).toBeLessThanOrEqual(32);
        }
      }),
    );
  });

  it('keeps every letter of plain text', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,40}[,.]?$/), { minLength: 1 });
    const letters = (text: string) => text.replace(/[^a-z]/g, '');
    fc.assert(
      fc.property(words, (list) => {
        expect(letters(speakablePieces(list.join(' ')).join(' '))).toBe(letters(list.join('')));
      }),
    );
  });
});
