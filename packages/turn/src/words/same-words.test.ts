import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sameWords, wordsOf } from './same-words.js';

describe('sameWords', () => {
  it.each([
    ['book a table', 'Book a table.'],
    ["I'd like that", 'I’d like that!'],
    ['uh book a, um, table', 'Book a table'],
    ['hmmm yes', 'Yes.'],
    ['seven thirty', '7:30'],
    ['seven thirty', '7.30'],
    ['at seven pm', 'At 7 p.m.'],
    ['at 7pm', 'at seven p.m.'],
    ['seven o’clock', '7:00'],
    ['a table for four', 'A table for 4'],
    ['two hundred and fifty', '250'],
    ['one thousand two hundred', '1,200'],
    ['twenty five', '25'],
    ['twenty-five', '25'],
    ['June fourth', 'June 4th'],
    ['the twenty first', 'the 21st'],
    ['twenty twenty six', '2026'],
    ['five five five one two', '55512'],
    ['seven oh five is 7 0 5', 'seven oh five is 705'],
    ['ten percent', '10%'],
    ['minus five', '-5'],
    ['twenty dollars', '$20'],
    ['a dollar or one thousand euros', 'a dollar, or €1,000'],
    ['नमस्ते आप कैसे हैं', 'नमस्ते, आप कैसे हैं?'],
    ['मुझे ४ चाहिए', 'मुझे 4 चाहिए'],
    ['我想预订四人桌', '我想 预订四人桌。'],
    ['ＡＢＣ', 'abc'],
    ['Straße', 'STRASSE'],
    ['cafe\u0301', 'café'],
  ])('%j is the same as %j', (a, b) => {
    expect(sameWords(a, b)).toBe(true);
  });

  it.each([
    ['book a table', 'book the table'],
    ['a table for four', 'a table for forty'],
    ['seven thirty', 'seven hundred thirty'],
    ['seventeen', 'seventy'],
    ['10²', '102'],
    ['uh-uh', 'uh-huh'],
    ['uh-huh', ''],
    ['minus five', '5'],
    ['four', 'fourth'],
    ['yes', 'yes yes'],
    ['can', "can't"],
    ['我想预订', '我想取消'],
  ])('%j differs from %j', (a, b) => {
    expect(sameWords(a, b)).toBe(false);
  });

  it.each([
    ['de', 'ein tisch für vier um sieben uhr dreißig', 'Ein Tisch für 4 um 7:30 Uhr.'],
    ['de', 'um acht uhr', 'Um 8:00 Uhr.'],
    ['de', 'zweihundertfünfundzwanzig', '225'],
    ['de', 'zweitausendsechsundzwanzig', '2026'],
    ['de', 'neunzehnhundertneunundneunzig', '1999'],
    ['de', 'zwei tausend', '2000'],
    ['fr', 'une table pour quatre à sept heures trente', 'Une table pour 4 à 7h30.'],
    ['fr', 'soixante et onze', '71'],
    ['fr', 'quatre-vingt-dix-sept', '97'],
    ['fr', 'mille neuf cent quatre-vingts', '1980'],
    ['es', 'una mesa para cuatro', 'Una mesa para 4.'],
    ['es', 'ciento treinta y cinco', '135'],
    ['es', 'dos mil veintiséis', '2026'],
    ['hi', 'चार लोगों के लिए साढ़े सात बजे', '4 लोगों के लिए साढ़े 7 बजे।'],
    ['hi', 'एक सौ पच्चीस', '१२५'],
    ['hi', 'दो लाख पचास हज़ार', '250000'],
    ['zh', '七点半四个人', '7点半，4个人。'],
    ['zh', '一百零五', '105'],
    ['zh', '二〇二六年', '2026年'],
    ['ja', '二十五人で七時半に', '25人で、7時半に。'],
    ['ja', '一万二千円', '12000円'],
  ])('reads the numbers of %s: %j is %j', (language, a, b) => {
    expect(sameWords(a, b, { language })).toBe(true);
  });

  it.each([
    ['de', 'sechzehn', '60'],
    ['de', 'in einer stunde', 'in 1 stunde'],
    ['fr', 'soixante', '70'],
    ['fr', 'quatre vins', '80'],
    ['es', 'veinte y treinta', '50'],
    ['es', 'sesenta', '70'],
    ['hi', 'बीस पाँच', '25'],
    ['zh', '十五', '50'],
    ['ja', '三十五六', '3556'],
    ['pt', 'quatro', '4'],
  ])('errs towards "no" in %s: %j is not %j', (language, a, b) => {
    expect(sameWords(a, b, { language })).toBe(false);
  });

  it('ignores only the fillers of the language', () => {
    expect(sameWords('um sieben', 'sieben', { language: 'de-DE' })).toBe(false);
    expect(sameWords('äh um sieben', 'um sieben', { language: 'de-DE' })).toBe(true);
    expect(sameWords('um seven', 'seven', { language: 'en-GB' })).toBe(true);
  });

  it('ignores additional fillers', () => {
    expect(sameWords('like four', 'four', { fillers: ['like'] })).toBe(true);
    expect(sameWords('like four', 'four')).toBe(false);
  });

  it('finds no words in fillers alone', () => {
    expect(wordsOf('Uh, um… hmm.')).toEqual([]);
  });
});

const UNIT =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TEN = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];

function inWords(n: number): string {
  if (n < 20) return UNIT[n]!;
  if (n < 100) return `${TEN[Math.floor(n / 10)]}${n % 10 ? ` ${UNIT[n % 10]}` : ''}`;
  if (n < 1_000) return `${UNIT[Math.floor(n / 100)]} hundred${n % 100 ? ` and ${inWords(n % 100)}` : ''}`;
  return `${inWords(Math.floor(n / 1_000))} thousand${n % 1_000 ? ` ${inWords(n % 1_000)}` : ''}`;
}

describe('sameWords, as a relation', () => {
  const word = fc.constantFrom(
    'book',
    'Table',
    'für',
    'नमस्ते',
    'عندي',
    '予約',
    'ตาราง',
    'seven',
    '7:30',
    'Dr.',
  );
  const phrase = fc.array(word, { maxLength: 8 }).map((words) => words.join(' '));

  it('is true for any text and itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(sameWords(text, `${text} `)).toBe(true);
      }),
    );
  });

  it('is symmetric', () => {
    fc.assert(fc.property(phrase, phrase, (a, b) => sameWords(a, b) === sameWords(b, a)));
  });

  it('ignores case, punctuation at the ends and fillers', () => {
    fc.assert(
      fc.property(phrase, fc.nat(), (text, place) => {
        const words = text.split(' ');
        words.splice(place % (words.length + 1), 0, 'um,');
        expect(sameWords(text, `${words.join('  ').toUpperCase()}!`)).toBe(true);
      }),
    );
  });

  it('reads any whole number below a million as its digits', () => {
    fc.assert(
      fc.property(fc.nat(999_999), (n) => {
        expect(sameWords(`for ${inWords(n)} people`, `for ${n} people`)).toBe(true);
        expect(sameWords(inWords(n), n.toLocaleString('en-US'))).toBe(true);
      }),
    );
  });

  it('distinguishes any two whole numbers', () => {
    fc.assert(
      fc.property(fc.nat(999_999), fc.nat(999_999), (a, b) => sameWords(`${a}`, `${b}`) === (a === b)),
    );
  });

  it('detects any added word', () => {
    fc.assert(fc.property(phrase, (text) => !sameWords(text, `${text} tomorrow`)));
  });
});
