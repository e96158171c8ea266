import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import { duration, encodings, list, modes, numbers, positiveNumber, prefixes } from './parse.js';

it('parses durations', () => {
  expect(['15s', '30m', '1.5h', '1d', '250ms'].map(duration)).toEqual([
    15_000, 1_800_000, 5_400_000, 86_400_000, 250,
  ]);
});

it('parses modes; idle alone means three idle times', () => {
  expect(modes('warm,cold,idle:45')).toEqual([
    { mode: 'warm' },
    { mode: 'cold' },
    { mode: 'idle', idleMs: 45_000 },
  ]);
  expect(modes('idle').map(({ idleMs }) => idleMs)).toEqual([30_000, 60_000, 120_000]);
});

it('parses encodings, prefixes and lists', () => {
  expect(encodings('off,gzip')).toEqual(['json', 'gzip']);
  expect(prefixes('stable,broken')).toEqual(['stable', 'broken']);
  expect(list('en, hi,en')).toEqual(['en', 'hi']);
  expect(numbers('1,8,32')).toEqual([1, 8, 32]);
});

describe.each([
  ['a duration', () => duration('soon')],
  ['a duration without a unit', () => duration('30')],
  ['a mode', () => modes('tepid')],
  ['an idle time', () => modes('idle:0')],
  ['an encoding', () => encodings('zip')],
  ['a prefix', () => prefixes('toString')],
  ['a pace', () => positiveNumber('requests a second')('0')],
  ['a count', () => numbers('1,0')],
  ['an empty value', () => list('en,,hi')],
])('an invalid value for %s', (_what, read) => {
  it('is rejected', () => {
    expect(read).toThrow(InvalidArgumentError);
  });
});
