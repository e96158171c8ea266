import { expect, it } from 'vitest';
import { CASCADE_CORPUS } from './cascade-corpus.js';
import { CASES, fileNameOf, isHeldOut } from './cases.js';

import { scoreCase, totalsOf } from './score.js';

it('has at least forty cases with a cause and fifteen healthy ones, each with its own file', () => {
  const healthy = CASES.filter(({ causes }) => causes.length === 0);
  expect(CASES.length - healthy.length).toBeGreaterThanOrEqual(40);
  expect(healthy.length).toBeGreaterThanOrEqual(15);
  expect(new Set(CASES.map(fileNameOf)).size).toBe(CASES.length);
});

it('holds out about a third of the cases, by their names', () => {
  const share = CASES.filter(isHeldOut).length / CASES.length;
  expect(share).toBeGreaterThan(0.25);
  expect(share).toBeLessThan(0.42);
  expect(isHeldOut({ name: 'healthy, plain' })).toBe(
    isHeldOut(CASES.find(({ name }) => name === 'healthy, plain')!),
  );
});

it('scores a case by the first finding and by the first three', () => {
  const one = { ...CASES[0]!, causes: ['a', 'b'] };
  const findings = (...rules: string[]) =>
    ({ findings: rules.map((rule) => ({ rule, level: 'high', weightMs: 300 })) }) as never;
  expect(scoreCase(one, findings('b', 'x', 'a'))).toMatchObject({ isFirst: true, isInThree: true });
  expect(scoreCase(one, findings('x', 'a', 'y', 'b'))).toMatchObject({ isFirst: false, isInThree: false });
  expect(scoreCase({ ...one, causes: [] }, findings())).toMatchObject({ isFirst: true, isInThree: true });
  expect(scoreCase({ ...one, causes: [] }, findings('x'))).toMatchObject({
    isFirst: false,
    isInThree: false,
  });
});

it('finds the injected causes in the development cases and matches the committed scores', {
  timeout: 120_000,
}, async () => {
  const scores = await CASCADE_CORPUS.score('build');
  const totals = totalsOf(scores);
  expect(totals.cases).toBeGreaterThanOrEqual(80);
  expect(totals.first / totals.cases).toBeGreaterThanOrEqual(0.9);
  expect(totals.inThree / totals.cases).toBeGreaterThanOrEqual(0.98);
  expect(totals.falseAlarms / totals.healthy).toBeLessThanOrEqual(0.02);
  expect((await CASCADE_CORPUS.readScores()).build, 'npm run bench:doctor -- --save').toEqual(totals);
});
