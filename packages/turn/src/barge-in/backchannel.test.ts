import { expect, it } from 'vitest';
import { isBackchannel } from './backchannel.js';

it.each(['Mhm.', 'mm-hmm', 'Hmm', 'Uh-huh.', 'Yeah, yeah.', 'Okay. Right.', 'I see', 'Oh', 'Mm. Got it.'])(
  '"%s" shows attention',
  (words) => {
    expect(isBackchannel(words)).toBe(true);
  },
);

it.each([
  '',
  'No.',
  'Stop',
  'Yeah but wait',
  'Okay, for four',
  'I',
  'see you',
  'Hm 5',
  'Not really',
  'hello',
])('"%s" does not', (words) => {
  expect(isBackchannel(words)).toBe(false);
});

it('knows other languages, and hums in all', () => {
  expect(isBackchannel('Ja, genau.', { language: 'de-DE' })).toBe(true);
  expect(isBackchannel('D’accord', { language: 'fr' })).toBe(true);
  expect(isBackchannel('ठीक है', { language: 'hi' })).toBe(true);
  expect(isBackchannel('ja', { language: 'en' })).toBe(false);
  expect(isBackchannel('hm', { language: 'fi' })).toBe(true);
  expect(isBackchannel('joo', { language: 'fi' })).toBe(false);
});
