import { expect, it } from 'vitest';
import { seenMarks, toMarkGrid } from './marks.js';

it('puts a time on the nearest microsecond', () => {
  expect([1.00049, 1.00051, -0.0004].map(toMarkGrid)).toEqual([1, 1.001, 0]);
});

it('does not count as seen what is no time at all', () => {
  const marks = { speechEnded: 1.5, firstAudible: Number.NaN, callerHeard: 1e300, firstDelta: undefined };
  expect([...seenMarks(marks)]).toEqual([['speechEnded', 1.5]]);
});
