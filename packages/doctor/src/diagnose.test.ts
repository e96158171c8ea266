import { expect, it } from 'vitest';
import { diagnose, rank } from './diagnose.js';
import { evidence, later, PATIENT_MARKS } from './testing/evidence.js';

const NONE = { started: 0, kept: 0, cancelled: 0 };

it('ranks by saving times confidence, and lists rivals that explain the same time', () => {
  const { findings } = diagnose(
    evidence(20, () => ({ speculation: NONE, marks: later(PATIENT_MARKS, 'firstContent', 900) })),
  );
  expect(findings[0]).toMatchObject({ rule: 'hidden-reasoning', rank: 1, level: 'high' });
  expect(findings[0]!.rivals).toContain('speculation-off');
  expect(findings[0]!.docs).toMatch(/^file:.*\/docs\/doctor\/hidden-reasoning\.md$/);
  const weights = findings.map(({ weightMs }) => weightMs);
  expect(weights).toEqual([...weights].sort((a, b) => b - a));
});

it('halves the weight only of waits that a blocked thread would also explain', () => {
  const base = { saving: { meanMs: 200, p95Ms: 200 }, confidence: { value: 1 }, kind: 'cause', fix: {} };
  const weights = (delaysEveryStepMs?: number) =>
    rank([
      { ...base, rule: 'voice', part: 'TTS' },
      { ...base, rule: 'long', part: 'LLM', saving: { meanMs: 400, p95Ms: 400 } },
      {
        ...base,
        rule: 'thread',
        part: 'machine',
        ...(delaysEveryStepMs === undefined ? {} : { delaysEveryStepMs }),
      },
    ] as never).map(({ rule, weightMs }) => `${rule} ${weightMs}`);
  expect(weights()).toEqual(['long 400', 'voice 200', 'thread 200']);
  expect(weights(250)).toEqual(['long 400', 'thread 200', 'voice 100']);
});

it('breaks the gap down into parts that add up to the whole', () => {
  const { gapBreakdown, verdict } = diagnose(
    evidence(20, () => ({ marks: later(PATIENT_MARKS, 'ttsFirstByte', 800) })),
  );
  expect(gapBreakdown!.parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  expect(gapBreakdown!.parts.reduce((sum, { meanMs }) => sum + meanMs, 0)).toBeCloseTo(1390);
  expect(gapBreakdown!.parts[0]!.name).toBe('TTS');
  expect(verdict).toContain('1,390 ms');
});

it('reports that nothing stands out in healthy calls, and lists the rules without a finding', () => {
  const { verdict, findings, silent } = diagnose(evidence(20));
  expect(verdict).toBe('Silence of 330 ms at the median, 330 ms at p95: nothing stands out.');
  expect(findings).toEqual([]);
  expect(silent).toContain('stragglers');
});

it('contains only finite numbers', () => {
  const text = JSON.stringify(
    diagnose(evidence(1, () => ({ marks: later(PATIENT_MARKS, 'responseHeaders', 900) }))),
  );
  expect(text).not.toMatch(/NaN|Infinity|undefined/);
});
