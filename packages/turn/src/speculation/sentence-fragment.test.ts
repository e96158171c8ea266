import { expect, it } from 'vitest';
import { isOpeningPhrase, isSentenceFragment } from './sentence-fragment.js';

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
])('is a fragment: "%s"', (text) => expect(isSentenceFragment(text)).toBe(true));

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
])('is not a fragment: "%s"', (text) => expect(isSentenceFragment(text)).toBe(false));

it('detects fragments in English only', () => {
  expect(isSentenceFragment('Then', 'en-GB')).toBe(true);
  expect(isSentenceFragment('can', 'de')).toBe(false);
});

it.each(['No.', 'No, sorry.', 'Okay.', 'Yes, right,', 'Hello?'])('is an opening phrase: "%s"', (text) =>
  expect(isOpeningPhrase(text)).toBe(true),
);

it.each(['No, thank you.', 'Yes, please.', 'Please.', 'Right now', 'Four.', ''])(
  'is not an opening phrase: "%s"',
  (text) => expect(isOpeningPhrase(text)).toBe(false),
);

it('detects opening phrases in English only', () => expect(isOpeningPhrase('no', 'es')).toBe(false));
