import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS } from '../testing/evidence.js';
import { coldConnection } from './cold-connection.js';

const cold = (at: number) => {
  const isCold = at % 10 < 5;
  const state = isCold ? ('cold' as const) : ('reused' as const);
  return {
    llm: {
      provider: 'groq',
      model: 'openai/gpt-oss-120b',
      emulated: true,
      requests: 1,
      connection: { state },
    },
    marks: isCold ? later(PATIENT_MARKS, 'connectionReady', 200) : PATIENT_MARKS,
  };
};

it('finds it and estimates the saving', () => {
  const [found] = coldConnection.examine(evidence(20, cold));
  expect(found!.saving!.meanMs).toBeGreaterThan(90);
  expect(found!.saving!.meanMs).toBeLessThan(110);
  expect(found!.verdict).toContain('2 of these 10 are first turns');
  expect(found!.evidence).toHaveLength(2);
});

it('finds nothing where connections are reused', () => {
  expect(coldConnection.examine(evidence(20))).toEqual([]);
});

it('detects a connection behind a nearby proxy, with less confidence', () => {
  const llm = {
    provider: 'groq',
    model: 'openai/gpt-oss-120b',
    emulated: true,
    requests: 1,
    connection: { state: 'cold' as const, tcpMs: 1 },
  };
  const [found] = coldConnection.examine(
    evidence(10, () => ({ llm, marks: later(PATIENT_MARKS, 'responseHeaders', 400) })),
  );
  expect(found!.saving!.meanMs).toBeGreaterThan(250);
  expect(found!.confidence.value).toBeLessThan(0.7);
});
