import { expect, it } from 'vitest';
import { speculationHoldMs } from './hold.js';

it('starts the first speculation of a turn at once', () => {
  expect(speculationHoldMs({ startedInTurn: 0, commitInMs: 900, answerMs: 300 })).toBe(0);
  expect(speculationHoldMs({ startedInTurn: 0, commitInMs: undefined, answerMs: 300 })).toBe(0);
});

it.each([1, 2])('holds the next ones until the answer is needed: after %d', (startedInTurn) => {
  expect(speculationHoldMs({ startedInTurn, commitInMs: 900, answerMs: 300 })).toBe(600);
  expect(speculationHoldMs({ startedInTurn, commitInMs: 200, answerMs: 300 })).toBe(0);
});

it('holds the others until the commit', () => {
  expect(speculationHoldMs({ startedInTurn: 3, commitInMs: 900, answerMs: 300 })).toBe(900);
  expect(speculationHoldMs({ startedInTurn: 9, commitInMs: -50, answerMs: 300 })).toBe(0);
});

it('cannot say for how long while nothing is decided', () => {
  expect(speculationHoldMs({ startedInTurn: 1, commitInMs: undefined, answerMs: 300 })).toBeUndefined();
});
