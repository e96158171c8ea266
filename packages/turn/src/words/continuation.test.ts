import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { continuation } from './continuation.js';

describe('continuation', () => {
  it.each([
    ['book a table', 'Book a table.'],
    ['at seven thirty', 'At 7:30.'],
    ['', ''],
  ])('%j and %j are the same', (said, now) => {
    expect(continuation(said, now)).toEqual({ kind: 'same' });
  });

  it.each([
    ['book a table', 'Book a table, for two.', 'for two.'],
    ['uh book', 'Book, um, a table', 'a table'],
    ['我想订', '我想订一张桌子', '一张桌子'],
    ['मुझे मेज़', 'मुझे मेज़ चाहिए।', 'चाहिए।'],
    ['', 'hello', undefined],
  ])('after %j, %j continues it', (said, now, rest) => {
    expect(continuation(said, now)).toEqual(rest === undefined ? { kind: 'other' } : { kind: 'more', rest });
  });

  it.each([
    ['book a table for', 'book a table four'],
    ['at 7', 'at 7:30'],
    ['book a ta', 'book a table'],
  ])('%j is revised to %j', (said, now) => {
    expect(continuation(said, now)).toEqual({ kind: 'revised' });
  });

  it('detects different words', () => {
    expect(continuation('book a table', 'what do you cost')).toEqual({ kind: 'other' });
  });

  it('neither loses nor repeats a word, for any text', () => {
    const words = fc.array(fc.constantFrom('book', 'a', 'table', 'four', 'yes'), { maxLength: 6 });
    fc.assert(
      fc.property(words, words, (first, second) => {
        const found = continuation(first.join(' '), [...first, ...second].join(' '));
        if (first.length === 0) return;
        expect(found).toEqual(
          second.length === 0 ? { kind: 'same' } : { kind: 'more', rest: second.join(' ') },
        );
      }),
    );
  });
});
