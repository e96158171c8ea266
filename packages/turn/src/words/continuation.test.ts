import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { regexCalls } from '../testing/regex-calls.js';
import { type Continuation, continuation } from './continuation.js';
import { sameWords, wordsOf } from './same-words.js';

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

  /** The definition, in quadratic time: the last place before which the words are the same. */
  function byDefinition(earlier: string, later: string): Continuation['kind'] | string {
    if (sameWords(earlier, later)) return 'same';
    for (const { index } of [...later.matchAll(/\s+/g)].reverse()) {
      const rest = later.slice(index).trim();
      // "book uh" and "book uh uh": what follows is a filler, though "uh uh" together is an answer.
      if (sameWords(earlier, later.slice(0, index))) return wordsOf(rest).length > 0 ? rest : 'none';
    }
    return 'none';
  }

  it('agrees with the definition', () => {
    const word = fc.constantFrom(
      ...'book table, seven hundred and five 5 20 26 uh huh um first 7:30 p.m. thousand Yes. two twenty one'.split(
        ' ',
      ),
    );
    const text = (maxLength: number) => fc.array(word, { maxLength }).map((all) => all.join(' '));
    fc.assert(
      fc.property(text(40), text(6), text(6), (start, a, b) => {
        const [earlier, later] = [`${start} ${a}`, `${start.toUpperCase()} ${b}`];
        for (const [one, other] of [
          [earlier, later],
          [`${start} ${a}`, `${start} ${b}`],
          [start, `${start} ${b}`],
        ] as const) {
          const found = continuation(one, other);
          const expected = byDefinition(one, other);
          const actual = found.kind === 'more' ? found.rest : found.kind === 'same' ? 'same' : 'none';
          expect([one, other, actual]).toEqual([one, other, expected]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['en', 'so we would like to book a table for two people on friday evening '],
    ['zh', '我想订一张桌子明天晚上七点两个人靠窗的位置可以吗谢谢'],
    ['th', 'ผมต้องการจองโต๊ะสำหรับสองคนในเย็นวันพรุ่งนี้ครับ'],
    ['en', '5 '],
  ])('takes time linear in the length of a text in %s', (language, piece) => {
    const steps = (length: number) => {
      const text = piece.repeat(length).slice(0, length);
      return regexCalls(() => continuation(text.slice(0, -30).toUpperCase(), text, { language }));
    };
    expect(steps(8_000)).toBeLessThan(2.5 * steps(4_000));
  });
});
