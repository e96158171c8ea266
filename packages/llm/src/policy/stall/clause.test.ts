import { expect, test } from 'vitest';
import { hasClause } from './clause.js';

test.each(['Yes, ', 'Good morning! How', 'वह आया।', '你好。', '“Sure.” And', 'What? ', 'Well,', '“Sure.”'])(
  '%s contains a clause',
  (text) => {
    expect(hasClause(text)).toBe(true);
  },
);

test.each(['', 'Good', 'Good morning', 'It costs 3.', 'It costs 3.50', 'At 10:', 'At 10:30'])(
  '“%s” contains no clause yet',
  (text) => {
    expect(hasClause(text)).toBe(false);
  },
);

test('a long run without punctuation is enough', () => {
  expect(hasClause('word '.repeat(16))).toBe(true);
});
