import { expect, it } from 'vitest';
import { evidence, reportedTurn, withEvents } from '../testing/evidence.js';
import { speculationDiscarded } from './speculation-discarded.js';

const turn = () =>
  reportedTurn({
    endOfTurnDelayMs: 560,
    transcriptionDelayMs: 260,
    llmTtftMs: 500,
    ttsTtfbMs: 200,
  });
const DISCARDED = { speculation: { started: 1, kept: 0, cancelled: 1 } };

it('finds requests that were made twice, and what an early start would save', () => {
  const [found] = speculationDiscarded.examine(evidence(6, () => ({ ...turn(), ...DISCARDED })));
  expect(found!.verdict).toContain('In 100 % of the turns');
  expect(found!.verdict).toContain('asked twice');
  expect(found!.saving!.meanMs).toBeCloseTo(300);
});

it('is surer where LiveKit says so', () => {
  const twice = speculationDiscarded.examine(evidence(8, () => ({ ...turn(), ...DISCARDED })))[0]!;
  const told = speculationDiscarded.examine(
    withEvents(evidence(8, turn), () => [{ kind: 'speculation discarded' }]),
  )[0]!;
  expect(told.verdict).toContain('LiveKit warns');
  expect(told.confidence.value).toBeGreaterThan(twice.confidence.value);
});

it('finds nothing in a single discarded answer, nor where none is', () => {
  expect(
    speculationDiscarded.examine(evidence(8, (at) => ({ ...turn(), ...(at === 3 ? DISCARDED : {}) }))),
  ).toEqual([]);
  expect(speculationDiscarded.examine(evidence(10))).toEqual([]);
});
