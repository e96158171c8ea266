import { expect, it } from 'vitest';
import { isJustBegun } from './just-begun.js';

it.each([
  'Where?',
  'What time,',
  'And could you?',
  'Where can I?',
  'Then,',
  'Hello, can I',
  'And how many would you',
  'Yes, and when',
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
