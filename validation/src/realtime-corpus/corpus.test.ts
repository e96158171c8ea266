import { expect, it } from 'vitest';
import { fileNameOf, isHeldOut } from '../doctor-corpus/cases.js';
import { totalsOf } from '../doctor-corpus/score.js';
import { REALTIME_CASES } from './cases.js';
import { REALTIME_CORPUS } from './realtime-corpus.js';

it('has at least forty cases with a cause, and healthy ones, each with its own file', async () => {
  const healthy = REALTIME_CASES.filter(({ causes }) => causes.length === 0);
  expect(REALTIME_CASES.length - healthy.length).toBeGreaterThanOrEqual(40);
  expect(healthy.length).toBeGreaterThanOrEqual(12);
  expect(new Set(REALTIME_CASES.map(fileNameOf)).size).toBe(REALTIME_CASES.length);
  expect(await REALTIME_CORPUS.withoutFile()).toEqual([]);
});

it('holds out about a third of the cases, by their names', () => {
  const share = REALTIME_CASES.filter(isHeldOut).length / REALTIME_CASES.length;
  expect(share).toBeGreaterThan(0.2);
  expect(share).toBeLessThan(0.45);
});

it('finds the injected causes in the development cases and matches the committed scores', {
  timeout: 60_000,
}, async () => {
  const totals = totalsOf(await REALTIME_CORPUS.score('build'));
  expect(totals.cases).toBeGreaterThanOrEqual(25);
  expect(totals.first / totals.cases).toBeGreaterThanOrEqual(0.9);
  expect(totals.falseAlarms).toBe(0);
  expect((await REALTIME_CORPUS.readScores()).build, 'npm run bench:doctor -- --realtime --save').toEqual(
    totals,
  );
});
