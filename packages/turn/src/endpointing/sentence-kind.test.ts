import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type SentenceKind, sentenceKind, spokenText } from './sentence-kind.js';

const ENGLISH: Record<SentenceKind, string[]> = {
  question: [
    'How can I help you today?',
    'Okay, and what is the company address?',
    'That’s fine. Is there anything else I can help you with?',
    'Could you spell that for me, please?',
    'And do you have a table at 8 p.m.?',
    'Is it open at 8 p.m. on Friday?',
    '"Are you open?"',
  ],
  closing: [
    'No, thank you.',
    'Thanks.',
    'You too, bye-bye.',
    'Have a great day!',
    'That is all, thank you very much',
  ],
  acknowledgement: ['Okay.', 'All right.', 'Oh, sure.', 'Hello.'],
  list: ['Zero, zero, two,', 'My address is five Main Street,'],
  statement: [
    'Harper Valley, California?',
    'I would like a table for four.',
    'Yes.',
    'Thank you. I need a new checkbook.',
    'It is okay for me.',
    'What did you say? I said Monday.',
  ],
};

it.each(Object.entries(ENGLISH).flatMap(([kind, texts]) => texts.map((text) => [kind, text])))(
  '%s: %s',
  (kind, text) => {
    expect(sentenceKind(spokenText(text!), 'en')).toBe(kind);
  },
);

it.each([
  ['de', 'Wann haben Sie geöffnet?', 'question'],
  ['de', 'Vielen Dank, auf Wiederhören.', 'closing'],
  ['de', 'Alles klar.', 'acknowledgement'],
  ['es', '¿A qué hora abren?', 'question'],
  ['es', 'Muchas gracias.', 'closing'],
  ['fr', 'Où êtes-vous ?', 'question'],
  ['fr', 'Merci, au revoir.', 'closing'],
  ['hi', 'आप कब खुलते हैं?', 'question'],
  ['hi', 'धन्यवाद।', 'closing'],
  ['hi', 'ठीक?', 'acknowledgement'],
  ['ja', '何時に開きますか？', 'question'],
  ['ja', 'それから、', 'list'],
  ['xx', 'something else', 'statement'],
])('%s: %s is a %s', (language, text, kind) => {
  expect(sentenceKind(spokenText(text), language)).toBe(kind);
});

it('accepts any text', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('en', 'de', '', 'toString'),
      (text, base) => {
        expect(sentenceKind(spokenText(text), base)).toBeTypeOf('string');
      },
    ),
  );
});
