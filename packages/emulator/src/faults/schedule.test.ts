import { expect, it } from 'vitest';
import type { FaultPlan, FaultRule } from './fault.js';
import { FaultSchedule } from './schedule.js';

const fault = { kind: 'no-headers' } as const;

/** Which of the first `count` requests the rule applies to, counted from 1. */
function affectedRequests(plan: FaultPlan, count: number, profile = 'instant'): number[] {
  const schedule = new FaultSchedule(plan, 1);
  return Array.from({ length: count }, (_, i) => (schedule.next(profile) ? i + 1 : 0)).filter((n) => n > 0);
}

const cases: [string, Omit<FaultRule, 'fault'>, number[]][] = [
  ['every request', {}, [1, 2, 3, 4, 5, 6]],
  ['the second and fifth', { nth: [2, 5] }, [2, 5]],
  ['every third', { every: 3 }, [3, 6]],
  ['from the fourth on', { from: 4 }, [4, 5, 6]],
  ['the third to the fourth', { from: 3, until: 4 }, [3, 4]],
  ['never', { probability: 0 }, []],
  ['always', { probability: 1 }, [1, 2, 3, 4, 5, 6]],
  ['another profile', { profile: 'gpt-4o-mini' }, []],
];
it.each(cases)('applies %s', (_, when, expected) => {
  expect(affectedRequests({ rules: [{ fault, ...when }] }, 6)).toEqual(expected);
});

it('applies about as often as its probability says, the same requests for the same seed', () => {
  const plan = { rules: [{ fault, probability: 0.1 }], seed: 4 };
  const hits = affectedRequests(plan, 5000);
  expect(hits.length).toBeGreaterThan(400);
  expect(hits.length).toBeLessThan(600);
  expect(affectedRequests(plan, 5000)).toEqual(hits);
  expect(affectedRequests({ ...plan, seed: 5 }, 5000)).not.toEqual(hits);
});

it('lets the first rule that applies win, without changing the draws of the others', () => {
  const rules: FaultRule[] = [
    { fault: { kind: 'hang-up' }, nth: [2] },
    { fault, every: 2 },
  ];
  const schedule = new FaultSchedule({ rules }, 1);
  const kinds = Array.from({ length: 4 }, () => schedule.next('instant')?.kind);
  expect(kinds).toEqual([undefined, 'hang-up', undefined, 'no-headers']);
});

it.each<[FaultRule, RegExp]>([
  [{ fault, probability: 5 }, /rule 1.*from 0 to 1/],
  [{ fault: { kind: 'http-error', status: 200 } }, /rule 1.*400 to 599/],
  [{ fault: { kind: 'slow-drip', bytes: 0 } }, /rule 1.*at least 1/],
])('rejects an invalid rule: %j', (rule, message) => {
  expect(() => new FaultSchedule({ rules: [rule] }, 1)).toThrow(message);
});
