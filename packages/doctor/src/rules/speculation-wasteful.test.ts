import { expect, it } from 'vitest';
import { evidence } from '../testing/evidence.js';
import { speculationWasteful } from './speculation-wasteful.js';

it('finds it and estimates the saving', () => {
  const [found] = speculationWasteful.examine(
    evidence(10, () => ({ speculation: { started: 4, kept: 1, cancelled: 3, wastedTokens: 2400 } })),
  );
  expect(found!.verdict).toContain('Only 25 %');
  expect(found!.saving).toBeUndefined();
});

it('finds nothing where most are kept', () => {
  expect(speculationWasteful.examine(evidence(10))).toEqual([]);
});
