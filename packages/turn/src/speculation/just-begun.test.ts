import { expect, it } from 'vitest';
import { isJustBegun, isOpener } from './just-begun.js';

it.each([
  'Where?',
  'What time,',
  'And could you?',
  'Where can I?',
  'Then,',
  'Hello, can I',
  'And how many would you',
  'Yes, and when',
  'Wait,',
  'Okay, well,',
])('takes for a beginning: "%s"', (text) => expect(isJustBegun(text)).toBe(true));

it.each([
  'Where can I park?',
  'How are you?',
  'How much?',
  'Yes.',
  'Hello?',
  'Bye.',
  'What time are you open?',
  'Until then.',
  'So do I.',
  'Could you help me',
  '',
])('takes for more than that: "%s"', (text) => expect(isJustBegun(text)).toBe(false));

it('knows English only', () => {
  expect(isJustBegun('Then', 'en-GB')).toBe(true);
  expect(isJustBegun('can', 'de')).toBe(false);
});

it.each(['No.', 'No, sorry.', 'Okay.', 'Yes, right,', 'Hello?'])(
  'takes for what sentences open with: "%s"',
  (text) => expect(isOpener(text)).toBe(true),
);

it.each(['No, thank you.', 'Yes, please.', 'Please.', 'Right now', 'Four.', ''])(
  'takes for more than an opener: "%s"',
  (text) => expect(isOpener(text)).toBe(false),
);

it('knows openers of English only', () => expect(isOpener('no', 'es')).toBe(false));
