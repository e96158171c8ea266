import { expect, test } from 'vitest';
import { CASES, makeCase } from './cases.js';
import { CAUSES } from './causes/index.js';
import type { WildScore } from './score.js';
import { wildTotals } from './totals.js';
import { truthsOf } from './truths.js';

const heldOut = CASES.filter((one) => one.isHeldOut);
const isCaused = ({ cause, shape }: (typeof CASES)[number]) =>
  cause.id !== 'healthy' && !cause.isUndecidable && !shape.refusal;

test('has enough held-out cases, and every cause in both parts', () => {
  expect(heldOut.filter(isCaused).length).toBeGreaterThanOrEqual(120);
  expect(heldOut.filter(({ cause }) => cause.id === 'healthy').length).toBeGreaterThanOrEqual(200);
  for (const cause of CAUSES) {
    const parts = CASES.filter((one) => one.cause === cause).map((one) => one.isHeldOut);
    expect(new Set(parts), cause.id).toEqual(new Set([true, false]));
  }
});

test('no case is in both parts, and none twice', () => {
  expect(new Set(CASES.map(({ name }) => name)).size).toBe(CASES.length);
});

test('makes the same file twice', () => {
  for (const one of CASES.slice(0, 40)) expect(makeCase(one).file).toEqual(makeCase(one).file);
});

test('prints JSON documents that can be parsed', () => {
  const documents = CASES.filter(({ shape }) =>
    ['python-jaeger', 'python-tempo', 'vapi-call', 'retell-call', 'python-otlp'].includes(shape.id),
  );
  expect(documents.length).toBeGreaterThan(10);
  for (const one of documents) expect(() => JSON.parse(makeCase(one).file.text), one.name).not.toThrow();
});

test('healthy calls are answered soon', () => {
  const turns = CASES.filter(({ cause }) => cause.id === 'healthy').flatMap((one) =>
    makeCase(one).calls.flatMap((call) => call.turns),
  );
  const late = turns.filter(({ e2eMs }) => e2eMs > 1800);
  expect(late.length / turns.length).toBeLessThan(0.01);
});

test('no change would make healthy calls noticeably faster', () => {
  const changes = [
    'endpointing-wait',
    'endpointing-max',
    'speculation-off',
    'stt-final-slow',
    'user-logic',
    'tts-first-byte',
    'sentence-held',
    'transport-leg',
  ];
  for (const one of CASES.filter(({ cause }) => cause.id === 'healthy')) {
    const truths = truthsOf(makeCase(one).calls);
    expect(
      changes.filter((rule) => truths.has(rule)),
      one.name,
    ).toEqual([]);
  }
});

test('a raised minimal delay is a true statement only where it delays the reply', () => {
  const raised = CASES.find(({ cause }) => cause.id === 'min-delay-raised')!;
  const healthy = CASES.find(({ cause, shape }) => cause.id === 'healthy' && shape.sdk === 'node')!;
  expect(truthsOf(makeCase(raised).calls)).toContain('endpointing-wait');
  expect(truthsOf(makeCase(healthy).calls)).not.toContain('endpointing-wait');
});

test('counts', () => {
  const score: WildScore = {
    name: 'a/b/0',
    cause: 'b',
    shape: 'a',
    wanted: 'cause',
    isHeldOut: false,
    found: [],
    isRead: true,
    isRefusedByName: false,
    isFirst: true,
    isInThree: true,
    wrong: [],
    isAlarm: true,
    isLeak: false,
  };
  const totals = wildTotals([
    score,
    { ...score, isFirst: false, wrong: ['x'] },
    { ...score, wanted: 'nothing', isAlarm: false, isRead: false },
  ]);
  expect(totals.first).toMatchObject({ part: 1, of: 2 });
  expect(totals.confidentWrong).toMatchObject({ part: 1, of: 3 });
  expect(totals.healthyAlarms).toMatchObject({ part: 0, of: 1 });
  expect(totals.notRead).toMatchObject({ part: 1, of: 3 });
});
