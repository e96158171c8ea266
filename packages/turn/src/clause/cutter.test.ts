import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFirstwordError } from '../errors.js';
import { regexCalls } from '../testing/regex-calls.js';
import { type Clause, ClauseCutter, type ClauseOptions } from './cutter.js';
import { toSpeech } from './speakable.js';

/** Every clause that is returned before the end, fed one character at a time. */
function streamed(text: string, options?: ClauseOptions): string[] {
  const cutter = new ClauseCutter(options);
  return [...text].flatMap((char) => cutter.push(char)).map((c) => c.text.trim());
}

/** The provisional clause after each character. */
function provisional(text: string): string[] {
  const cutter = new ClauseCutter();
  return [...text].flatMap((char) => {
    cutter.push(char);
    return cutter.provisionalClause?.text ?? [];
  });
}

function all(text: string, options?: ClauseOptions): string[] {
  const cutter = new ClauseCutter(options);
  return [...cutter.push(text), ...cutter.end()].map((c) => c.text.trim());
}

describe('the first clause', () => {
  it.each([
    ['English', 'We are open until ten tonight, and the kitchen', 'We are open until ten tonight,'],
    ['a semicolon', 'I can certainly do that; it', 'I can certainly do that;'],
    ['a dash', 'Let me look at the book — there', 'Let me look at the book —'],
    ['a joined dash', 'Let me look at the book—there', 'Let me look at the book—'],
    ['a spaced hyphen', 'Let me look at the book - there', 'Let me look at the book -'],
    ['an ellipsis', 'Let me have a good look... it seems', 'Let me have a good look...'],
    ['German', 'Wir haben bis zehn geöffnet, die', 'Wir haben bis zehn geöffnet,'],
    ['Chinese', '我们今天晚上开门，', '我们今天晚上开门，'],
    ['Japanese', '本日は十時まで、', '本日は十時まで、'],
    ['Arabic', 'نحن نفتح حتى الساعة العاشرة، و', 'نحن نفتح حتى الساعة العاشرة،'],
    ['Thai', 'วันนี้เราเปิดถึงสี่ทุ่มค่ะ คุณต้องการ', 'วันนี้เราเปิดถึงสี่ทุ่มค่ะ'],
    ['Hindi', 'हम आज रात दस बजे तक खुले हैं, और', 'हम आज रात दस बजे तक खुले हैं,'],
  ])('ends at a mark inside the sentence once it is long enough: %s', (_name, text, first) => {
    expect(streamed(text)).toEqual([first]);
  });

  it('does not end at a comma that comes too soon', () => {
    expect(streamed('Yes, of course, we can do that')).toEqual([]);
  });

  it('may be a short sentence', () => {
    expect(streamed('Sure. I')).toEqual(['Sure.']);
  });

  it('can be limited to whole sentences', () => {
    expect(streamed('We are open until ten tonight, and ', { firstPhraseLetters: Infinity })).toEqual([]);
  });

  it('is the only clause that a comma ends', () => {
    expect(streamed('Yes. We are open until ten tonight, and so on')).toEqual(['Yes.']);
  });

  it('is a phrase if it ends inside a sentence', () => {
    const cutter = new ClauseCutter();
    expect(cutter.push('We are open until ten tonight, and more. ').map((c) => c.kind)).toEqual([
      'phrase',
      'sentence',
    ]);
  });
});

describe('sentences', () => {
  const whole = { firstPhraseLetters: Number.POSITIVE_INFINITY };
  it.each([
    ['English', 'We are open. Come in! Will you? ', ['We are open.', 'Come in!', 'Will you?']],
    ['German', 'Wir haben geöffnet. Kommen Sie! ', ['Wir haben geöffnet.', 'Kommen Sie!']],
    ['Hindi', 'हम खुले हैं। आप आइए।', ['हम खुले हैं।', 'आप आइए।']],
    ['Chinese', '我们开门。请进！好吗？', ['我们开门。', '请进！', '好吗？']],
    ['Japanese', 'はい、開いています。どうぞ。', ['はい、開いています。', 'どうぞ。']],
    ['Arabic', 'هل تريد حجزا؟ نعم۔', ['هل تريد حجزا؟', 'نعم۔']],
    ['Burmese', 'ဟုတ်ကဲ့။', ['ဟုတ်ကဲ့။']],
    ['an ellipsis before a capital', 'Well… Right. ', ['Well…', 'Right.']],
    ['ASCII stops in Chinese', 'OK!我们开门。', ['OK!', '我们开门。']],
    ['closing quotes', 'He said "Come in." Then ', ['He said "Come in."']],
    ['emphasis', '**We are open.** Come ', ['**We are open.**']],
    ['a line break', 'Opening hours\nMonday', ['Opening hours']],
  ])('end without waiting for the next to begin: %s', (_name, text, sentences) => {
    expect(streamed(text, whole)).toEqual(sentences);
  });

  it.each([
    'Dr. Smith will see you',
    'Mr. J. R. Smith is here',
    'Fruit, e.g. apples and pears',
    'It costs 7.30 today',
    'Pi is 3.14 or so',
    'We open at 8 a.m. and close late',
    'Write to info@example.com or see www.example.com/menu?x=1 for more',
    'Take No. 5 to the end',
    'Wir treffen uns am 3. Mai um acht',
    'Das kostet ca. 5 Euro, z.B. heute',
    '1. Open the door',
    'Apples etc. are here',
    'Version 2.0.1 is out',
    'We are next to St. Mary in the square',
    'At St. Theodore there is parking',
    'Take Main St. to the end',
    'It is on 5th St. near the bank',
    'Ft. Worth and Ste. Marie are far',
    'It takes approx. Five minutes',
    'Ask for Mr. Then at the desk',
    'The saint is St. ',
    'The street is Main St. The',
    'See [the menu. With prices](https://example.com/a) for more',
    'ราคา 250 บาท และ',
  ])('do not end inside: %s', (text) => {
    expect(streamed(text, whole)).toEqual([]);
  });

  it('end at an ambiguous stop if a capital follows', () => {
    expect(streamed('We close at 10 p.m. Would', whole)).toEqual(['We close at 10 p.m.']);
    expect(streamed('The table is for 7. Would', whole)).toEqual(['The table is for 7.']);
  });

  it.each([
    ['We are on Main St. Then turn', ['We are on Main St.']],
    ["It is on 5th St. We're", ['It is on 5th St.']],
    ['We are on Main St. "Would you', ['We are on Main St.']],
    ['Is it No. 5? No. Mary has it. ', ['Is it No. 5?', 'No.', 'Mary has it.']],
    ['Мы на Невском пр. Потом ', ['Мы на Невском пр.']],
  ])('end at "St." only before a word that begins sentences: %s', (text, sentences) => {
    expect(streamed(text, whole)).toEqual(sentences);
  });

  it('end at "St." at the end of the answer', () => {
    expect(all('We are on Main St.', whole)).toEqual(['We are on Main St.']);
    expect(all('We are on Main St. Then', whole)).toEqual(['We are on Main St.', 'Then']);
    expect(all('We are at St. Mary', whole)).toEqual(['We are at St. Mary']);
  });

  it('do not wait for a bracket that is never closed', () => {
    expect(all('See [the menu. And so on.\nThen call. Bye', whole)).toEqual([
      'See [the menu. And so on.',
      'Then call.',
      'Bye',
    ]);
  });

  it('are one per list item', () => {
    expect(all('1. Open it\n2. Close it\n- Go\n', whole)).toEqual(['1. Open it', '2. Close it', '- Go']);
  });

  it('are cut at a comma or a space if they are too long', () => {
    expect(all('one two, three four five', { ...whole, maxLetters: 12 })).toEqual([
      'one two,',
      'three four',
      'five',
    ]);
  });

  it('do not consist of marks alone', () => {
    expect(all('... !!! 👍')).toEqual([]);
  });
});

/** A text in chunks of the given sizes, the rest as one chunk. */
function cutInSteps(whole: string, steps: readonly number[], options?: ClauseOptions): Clause[] {
  const cutter = new ClauseCutter(options);
  const clauses: Clause[] = [];
  let rest = whole;
  for (const step of steps) {
    clauses.push(...cutter.push(rest.slice(0, step)));
    rest = rest.slice(step);
  }
  return [...clauses, ...cutter.push(rest), ...cutter.end()];
}

/** The clauses equal the text, except for an end without anything to speak. */
function expectAllSpoken(whole: string, clauses: readonly Clause[]): void {
  const joined = clauses.map(({ text }) => text).join('');
  expect(whole.startsWith(joined)).toBe(true);
  expect(whole.slice(joined.length)).not.toMatch(/[\p{L}\p{N}]/u);
}

describe('ClauseCutter', () => {
  const piece = fc.constantFrom(
    ...['Hello', ' Dr', '. ', 'we', ', ', '7', '.', '30', '।', ' ', '。', '你好', '，', '؟', 'نعم', '\n'],
    ...['- ', '**', '…', '...', '"', '—', 'p.m', 'a@b.c', '1. ', '!', '?', 'हाँ', '👍', '(', ')'],
  );
  const text = fc.array(piece, { maxLength: 60 }).map((parts) => parts.join(''));
  const options = fc.record({
    firstPhraseLetters: fc.integer({ min: 1, max: 40 }),
    maxLetters: fc.integer({ min: 1, max: 60 }),
  });

  it('loses nothing that can be spoken, whatever the chunks', () => {
    fc.assert(
      fc.property(text, options, fc.array(fc.nat(9), { maxLength: 80 }), (whole, lengths, steps) => {
        const clauses = cutInSteps(whole, steps, lengths);
        expectAllSpoken(whole, clauses);
        for (const clause of clauses) expect(clause.text).toMatch(/[\p{L}\p{N}]/u);
      }),
      { numRuns: 500 },
    );
  });

  it('loses nothing of any Unicode text, whatever the chunks', () => {
    const marks = fc.constantFrom(
      '. ',
      '。',
      '، ',
      '\n',
      '**',
      '[',
      '](',
      '<b',
      '|',
      '`',
      '…',
      '\u200d',
      '\ud83d',
    );
    const any = fc.array(fc.oneof(fc.string({ unit: 'binary', maxLength: 12 }), marks), { maxLength: 25 });
    fc.assert(
      fc.property(any, fc.array(fc.nat(5), { maxLength: 60 }), (parts, steps) => {
        const whole = parts.join('');
        const clauses = cutInSteps(whole, steps);
        expectAllSpoken(whole, clauses);
        for (const { text: clause } of clauses) toSpeech(clause);
      }),
      { numRuns: 500 },
    );
  });

  it('gives the same speech with and without cutting, whatever the chunks', () => {
    const marked = fc.constantFrom(
      ...[
        '[the menu, please](https://x.com/a,b)',
        '![a plate, full](p.png)',
        '**very, very good**',
        '# Hours\n',
      ],
      ...[
        '- one, two\n',
        '`code`',
        '<b class="a, b">',
        '</b>',
        '👍',
        'https://a.b/c?d=e,f',
        'We are open',
        '7.30',
      ],
      ...[
        ', ',
        '. ',
        '! ',
        '? ',
        '… ',
        ' ',
        '।',
        '。',
        '、',
        'हम खुले हैं',
        '我们开门',
        'Dr. Smith',
        '\n',
        ' — ',
        '*so*',
      ],
    );
    const answers = fc.array(marked, { maxLength: 30 }).map((parts) => parts.join(''));
    const letters = (spoken: string) => spoken.match(/[\p{L}\p{N}]/gu)?.join('') ?? '';
    fc.assert(
      fc.property(answers, fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 60 }), (answer, steps) => {
        const cutter = new ClauseCutter({ maxLetters: 10_000 });
        const clauses = [];
        let rest = answer;
        for (const step of steps) {
          clauses.push(...cutter.push(rest.slice(0, step)));
          rest = rest.slice(step);
        }
        clauses.push(...cutter.push(rest), ...cutter.end());
        expect(clauses.map(({ text: clause }) => letters(toSpeech(clause))).join('')).toBe(
          letters(toSpeech(answer)),
        );
      }),
      { numRuns: 500 },
    );
  });

  it.each(['\n', ' ', '=', '👍', '[', '*', '- ', '. ', '"', 'Hi [', '<a', 'a\u0301'])(
    'handles a model that repeats %j endlessly',
    (piece) => {
      const wild = piece.repeat(4_000);
      const clauses = cutInSteps(wild, new Array(Math.ceil(wild.length / 20)).fill(20));
      expectAllSpoken(wild, clauses);
      for (const { text: clause } of clauses) toSpeech(clause);
    },
  );

  it.each(['1,', '\n', '- ', 'J. ', '[. ', 'ไทย ', '订', 'word ', '|---', 'St. ', 'a\u0301', '*', ' .'])(
    'takes time linear in the length of %j repeated, at once and in steps',
    (piece) => {
      const steps = (repeats: number, chunk: number) =>
        regexCalls(() => {
          const cutter = new ClauseCutter();
          const text = piece.repeat(repeats);
          for (let at = 0; at < text.length; at += chunk) {
            cutter.push(text.slice(at, at + chunk));
            cutter.provisionalClause;
          }
          cutter.end();
        });
      for (const chunk of [Number.POSITIVE_INFINITY, 7])
        expect(steps(2_000, chunk)).toBeLessThan(2.5 * steps(1_000, chunk));
    },
  );

  it('can be reused after the end', () => {
    const cutter = new ClauseCutter();
    cutter.push('One. Two');
    cutter.end();
    expect(cutter.push('We are open until ten tonight, and')).toHaveLength(1);
  });

  it('rejects invalid lengths', () => {
    const error = (() => {
      try {
        return new ClauseCutter({ maxLetters: 0 });
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(isFirstwordError(error, 'bad_input')).toBe(true);
  });
});

describe('the provisional clause', () => {
  it.each([
    ['a full stop', 'Sure.', ['Sure.']],
    ['a question mark', 'For how many people?', ['For how many people?']],
    ['a mark inside the sentence', 'Let me look at the book,', ['Let me look at the book,']],
    ['a mark that comes too soon', 'Yes, of course,', []],
    ['no mark', 'We are open', []],
    ['an abbreviation', 'I am Dr.', []],
    ['a stop that depends on the next word', 'We close at 6 p.m.', []],
    ['closing marks', '**Sure.**', ['**Sure.', '**Sure.*', '**Sure.**']],
    ['the clause after it', 'Sure. Come in.', ['Sure.']],
  ])('%s', (_name, text, expected) => {
    expect(provisional(text)).toEqual(expected);
  });

  it('equals the first clause if the text continues with a word', () => {
    const words = fc.array(
      fc.constantFrom('We', 'are', 'open.', '6', 'p.m.', 'Dr.', 'ten,', 'e.g.', '(no)', '3.50,'),
    );
    fc.assert(
      fc.property(words, fc.constantFrom('we', 'Come', 'open'), (before, next) => {
        const cutter = new ClauseCutter();
        const early = cutter.push(before.join(' '));
        const { provisionalClause } = cutter;
        if (early.length === 0 && provisionalClause) {
          expect(cutter.push(` ${next}`)[0]?.text.trim()).toBe(provisionalClause.text.trim());
        }
      }),
    );
  });
});
