import { expect, it } from 'vitest';
import { seenMarks, toMarkGrid } from './marks.js';

it('rounds a time to the nearest microsecond', () => {
  expect([1.00049, 1.00051, -0.0004].map(toMarkGrid)).toEqual([1, 1.001, 0]);
});

it('treats an invalid time as missing', () => {
  const marks = { speechEnded: 1.5, firstAudible: Number.NaN, callerHeard: 1e300, firstDelta: undefined };
  expect([...seenMarks(marks)]).toEqual([['speechEnded', 1.5]]);
});
