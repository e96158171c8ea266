import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toSpeech } from './speakable.js';

describe('toSpeech', () => {
  it.each([
    ['## Opening hours', 'Opening hours'],
    ['- **Monday**: closed', 'Monday: closed'],
    ['* one', 'one'],
    ['1. Open the door', '1. Open the door'],
    ['> quoted', 'quoted'],
    ['See [our menu](https://example.com/menu "Menu").', 'See our menu.'],
    ['![a plate](x.png)', 'a plate'],
    ['at https://www.example.com/menu', 'at example.com/menu'],
    ['at <https://example.com>', 'at example.com'],
    ['write to first_last@example.com', 'write to first_last@example.com'],
    ['_really_ *very* `good`', 'really very good'],
    ['half a **pair', 'half a pair'],
    ['2 * 3 is 6, snake_case stays', '2 * 3 is 6, snake_case stays'],
    ['```js\nlet x\n```', 'let x'],
    ['one<br/>two', 'one two'],
    ['| a | b |\n|---|---|\n| c | d |', 'a, b c, d'],
    ['Great 👍🏽 see you 🇩🇪!', 'Great see you !'],
    ['| a |  | c |', 'a, c'],
    ['See [the menu][1] and [hours][].\n[1]: https://example.com', 'See the menu and hours.'],
    ['in [Paris](https://x.org/Paris_(city) "Paris")', 'in Paris'],
    ["[menu](x.html 'Our menu')", 'menu'],
    ['We are open.[^1] Until ten【3†source】', 'We are open. Until ten'],
    ['yes<!-- say it gladly --> we do', 'yes we do'],
    ['fish &amp; chips, 5&nbsp;euros', 'fish & chips, 5 euros'],
    ['it\\_is 2 \\* 3', 'it_is 2 * 3'],
    ['a\n\n  b', 'a b'],
    ['---', ''],
    ['👍', ''],
    ['ℹ️ Closed on Monday', 'Closed on Monday'],
    ['हम खुले हैं।', 'हम खुले हैं।'],
    ['我们开门。', '我们开门。'],
  ])('%j is spoken as %j', (text, spoken) => {
    expect(toSpeech(text)).toBe(spoken);
  });

  it.each([
    '<!--',
    '[',
    '[^',
    '【',
    '[a',
    '[a](',
    '[a](b "',
    '<a',
    '<http://',
    '-',
    ' ',
    '| ',
    '|-',
    '*',
    '_',
    '`',
    '- ',
    '> ',
    '&',
    '\\',
    '#',
    '![',
    '](',
    '😀',
    '\n|',
    '\n-',
  ])('does not hang on %j repeated', (piece) => {
    const text = `${piece.repeat(50_000)}x\nx`;
    expect(toSpeech(text)).toContain('x');
  });

  it('keeps every word of plain text', () => {
    // "ℹ" is both a letter and an emoji in Unicode; it is not spoken.
    const word = fc.stringMatching(/^[\p{L}\p{N}]{1,8}$/u).filter((one) => !one.includes('ℹ'));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), (words) => {
        expect(toSpeech(words.join(' '))).toBe(words.join(' '));
      }),
    );
  });

  it('changes nothing when applied twice', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', ' ', 'b', '. ', ', ', '3', '।')), (parts) => {
        const once = toSpeech(parts.join(''));
        expect(toSpeech(once)).toBe(once);
      }),
    );
  });
});
