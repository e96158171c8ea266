import { fromLogOdds } from '@firstword/turn';
import { seededRandom, standardNormal } from '@firstword/turn/statistics';
import { expect, it } from 'vitest';
import { auc } from '../endpointing/auc.js';
import { fitPlatt, heldOut, logLoss } from './fit.js';

/** Answers whose log odds say 0.5 × themselves + 1 about the truth, of 20 speakers; ends and pauses about equally many. */
function answers(count: number) {
  const random = seededRandom(7);
  return Array.from({ length: count }, (_, i) => {
    const odds = -2 + 2 * standardNormal(random);
    const end = random.uniform() < fromLogOdds(0.5 * odds + 1);
    return { probability: fromLogOdds(odds), end, speaker: `s${i % 20}` };
  });
}

it('finds the slope and offset that the answers were made with', () => {
  const { slope, offset } = fitPlatt(answers(20_000));
  expect(slope).toBeCloseTo(0.5, 1);
  expect(offset).toBeCloseTo(1, 1);
});

it('stays finite where the answers tell ends and pauses apart without an error', () => {
  const certain = Array.from({ length: 40 }, (_, i) => ({ probability: i % 2, end: i % 2 === 1 }));
  const { slope, offset } = fitPlatt(certain);
  expect(Number.isFinite(slope) && Number.isFinite(offset)).toBe(true);
  expect(slope).toBeGreaterThan(0.5);
});

it('calibrates each answer with a fit to other speakers, which lowers the loss', () => {
  const given = answers(2000);
  const fitted = heldOut(given);
  expect(fitted).toHaveLength(given.length);
  expect(logLoss(fitted)).toBeLessThan(logLoss(given));
  expect(auc(fitted)).toBeCloseTo(auc(given), 1);
});

it('counts pairs of an end and a pause', () => {
  const of = (probability: number, end: boolean) => ({ probability, end });
  expect(auc([of(0.9, true), of(0.1, false)])).toBe(1);
  expect(auc([of(0.5, true), of(0.5, false)])).toBe(0.5);
  expect(auc([of(0.2, true), of(0.8, true), of(0.5, false)])).toBe(0.5);
});

it('gives answers that say nothing one bit', () => {
  expect(logLoss([0.5, 0.5, 0.5].map((probability, i) => ({ probability, end: i === 0 })))).toBeCloseTo(1);
});
