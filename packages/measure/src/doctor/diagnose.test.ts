import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS } from '../testing/evidence.js';
import { diagnose } from './diagnose.js';

const NONE = { started: 0, kept: 0, cancelled: 0 };

it('ranks by saving times confidence, and names rivals of the same time', () => {
  const { findings } = diagnose(
    evidence(20, () => ({ speculation: NONE, marks: later(PATIENT_MARKS, 'firstContent', 900) })),
  );
  expect(findings[0]).toMatchObject({ rule: 'hidden-reasoning', rank: 1, level: 'high' });
  expect(findings[0]!.rivals).toContain('speculation-off');
  expect(findings[0]!.docs).toBe('docs/doctor/hidden-reasoning.md');
  const weights = findings.map(({ weightMs }) => weightMs);
  expect(weights).toEqual([...weights].sort((a, b) => b - a));
});

it('says where the silence goes; the parts make up the whole', () => {
  const { anatomy, verdict } = diagnose(
    evidence(20, () => ({ marks: later(PATIENT_MARKS, 'ttsFirstByte', 800) })),
  );
  expect(anatomy!.parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  expect(anatomy!.parts.reduce((sum, { meanMs }) => sum + meanMs, 0)).toBeCloseTo(1390);
  expect(anatomy!.parts[0]!.name).toBe('voice');
  expect(verdict).toContain('1,390 ms');
});

it('says that nothing stands out of healthy calls, and which rules were silent', () => {
  const { verdict, findings, silent } = diagnose(evidence(20));
  expect(verdict).toBe('Silence of 330 ms in the middle, 330 ms at p95: nothing stands out.');
  expect(findings).toEqual([]);
  expect(silent).toContain('stragglers');
});

it('keeps every figure a figure', () => {
  const text = JSON.stringify(
    diagnose(evidence(1, () => ({ marks: later(PATIENT_MARKS, 'responseHeaders', 900) }))),
  );
  expect(text).not.toMatch(/NaN|Infinity|undefined/);
});
