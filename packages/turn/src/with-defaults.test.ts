import { expect, it } from 'vitest';
import { withDefaults } from './with-defaults.js';

it('replaces the defaults of options that have a value', () => {
  expect(withDefaults({ a: 1, b: 2 }, { b: 3 })).toEqual({ a: 1, b: 3 });
  expect(withDefaults({ a: 1, b: 2 }, undefined)).toEqual({ a: 1, b: 2 });
});

it('keeps the default of an option that is given as undefined', () => {
  expect(withDefaults({ a: 1, b: 2 }, { a: undefined, b: 0 })).toEqual({ a: 1, b: 0 });
});
