import fc from 'fast-check';
import { expect, it } from 'vitest';
import { commonStart, piecesOf } from './pieces.js';
import { wordsOf } from './same-words.js';

const WORDS = [
  'book',
  'table',
  'for',
  'seven',
  'hundred',
  'and',
  'five',
  '5',
  '20',
  '26',
  'uh',
  'huh',
  'um',
  'first',
  "o'clock",
  '7:30',
  'p.m.',
  'thousand',
  'friday',
  'evening',
  'please',
  'minus',
  '-3',
  '$',
  '20',
  'über',
  'Straße,',
  'yes.',
];
const HAN = [
  '我想',
  '订',
  '一张',
  '桌子',
  '七',
  '点',
  '半',
  '嗯',
  '，',
  '二',
  '百',
  '五',
  '十',
  '明天',
  '晚上',
  '窗边',
];
const THAI = ['ผม', 'ต้องการ', 'จอง', 'โต๊ะ', 'สำหรับ', 'สอง', 'คน', 'น้ำ', 'ครับ'];

const text = (words: string[], space: string) =>
  fc.array(fc.constantFrom(...words), { minLength: 0, maxLength: 90 }).map((all) => all.join(space));

it.each([
  ['English', WORDS, ' ', 'en'],
  ['Chinese', HAN, '', 'zh'],
  ['Thai', THAI, '', 'th'],
  ['mixed', [...WORDS, ...HAN], ' ', 'zh'],
] as const)('divides %s text without changing its words', (_name, words, space, language) => {
  const options = { language, fillers: ['please'] };
  fc.assert(
    fc.property(text([...words], space), (whole) => {
      const pieces = [...piecesOf(whole, options)];
      expect(pieces.map((piece) => piece.text).join('')).toBe(whole);
      expect(pieces.flatMap((piece) => piece.words)).toEqual(wordsOf(whole, options));
    }),
  );
});

it('finds a common start that divides both texts without changing their words', () => {
  fc.assert(
    fc.property(text(WORDS, ' '), text(WORDS, ' '), text(WORDS, ' '), (start, a, b) => {
      const [one, other] = [`${start} ${a}`, `${start} ${b}`];
      const at = commonStart(one, other, {});
      expect(one.slice(0, at)).toBe(other.slice(0, at));
      for (const whole of [one, other])
        expect([...wordsOf(whole.slice(0, at)), ...wordsOf(whole.slice(at))]).toEqual(wordsOf(whole));
    }),
  );
});
