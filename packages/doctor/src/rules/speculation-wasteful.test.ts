import { expect, it } from 'vitest';
import { evidence } from '../testing/evidence.js';
import { speculationWasteful } from './speculation-wasteful.js';

it('finds it, with what it would save', () => {
  const [found] = speculationWasteful.examine(
    evidence(10, () => ({ speculation: { started: 4, kept: 1, cancelled: 3, wastedTokens: 2400 } })),
  );
  expect(found!.verdict).toContain('Only 25 %');
  expect(found!.saving).toBeUndefined();
});

it('is silent where most are kept', () => {
  expect(speculationWasteful.examine(evidence(10))).toEqual([]);
});
