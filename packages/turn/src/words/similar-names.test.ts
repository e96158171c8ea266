import fc from 'fast-check';
import { expect, it } from 'vitest';
import { didYouMean, similarNames, unknownName } from './similar-names.js';

const NAMES = ['warm', 'swap', 'cached-prefix', 'preemptive-tts', 'speculation'];

it('finds misspelt and shortened names, the nearest first', () => {
  expect(similarNames('wram', NAMES)[0]).toBe('warm');
  expect(similarNames('Speculate', NAMES)).toEqual(['speculation']);
  expect(similarNames('cached', NAMES)).toEqual(['cached-prefix']);
  expect(similarNames('gpt-oss', ['openai/gpt-oss-120b', 'kimi'])).toEqual(['openai/gpt-oss-120b']);
});

it('suggests nothing where no name is similar', () => {
  expect(similarNames('xyzzy', NAMES)).toEqual([]);
  expect(didYouMean('xyzzy', NAMES)).toBe('');
  expect(unknownName('lever', 'xyzzy', ['warm', 'swap']).message).toBe(
    'There is no lever "xyzzy". Choose one of: warm, swap',
  );
});

it('puts the suggestion before the list', () => {
  expect(unknownName('lever', 'swop', NAMES, '\n  swap')).toMatchObject({
    code: 'bad_input',
    message: 'There is no lever "swop". Did you mean swap? Choose one of:\n  swap',
  });
});

it('finds every name with one letter missing', () => {
  fc.assert(
    fc.property(fc.constantFrom(...NAMES), fc.nat(), (name, at) => {
      const i = at % name.length;
      expect(similarNames(name.slice(0, i) + name.slice(i + 1), NAMES)).toContain(name);
    }),
  );
});
