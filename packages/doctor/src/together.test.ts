import { describe, expect, it } from 'vitest';
import { diagnose } from './diagnose.js';
import { evidence, PATIENT_MARKS } from './testing/evidence.js';

/** A commit after a final transcript and an endpointing delay of these lengths; all that follows is later with it. */
function committedAfter(finalMs: number, waitMs: number) {
  const byMs = Math.max(finalMs, waitMs) + 1 - (PATIENT_MARKS.turnCommitted! - PATIENT_MARKS.speechEnded!);
  const moved = Object.entries(PATIENT_MARKS).map(([name, ms]) => [name, ms! + byMs]);
  const { speechEnded } = PATIENT_MARKS;
  return {
    ...Object.fromEntries(moved),
    speechEnded,
    finalTranscript: speechEnded! + finalMs,
    endpointingElapsed: speechEnded! + waitMs,
  };
}

const found = (finalMs: number, waitMs: number) =>
  diagnose(evidence(10, () => ({ marks: committedAfter(finalMs, waitMs) }))).findings.filter(
    ({ part }) => part === 'end of turn',
  );

describe('two waits that end together', () => {
  it('are found together, each with what it saves once the other is changed', () => {
    const findings = found(900, 897);
    expect(findings.map(({ rule }) => rule).sort()).toEqual(['endpointing-wait', 'stt-final-slow']);
    for (const { level, saving, verdict } of findings) {
      expect(level).toBe('high');
      expect(saving!.meanMs).toBeGreaterThan(500);
      expect(saving!.assumes).toContain('is changed too');
      expect(verdict).toMatch(/Change it together with .*: alone it saves 0 ms\.$/);
    }
  });

  it('are both left alone where they are short: changing either gains 3 ms', () => {
    expect(found(331, 328)).toEqual([]);
    expect(found(328, 331)).toEqual([]);
  });

  it('are one finding where the other ends long before', () => {
    expect(found(900, 300).map(({ rule }) => rule)).toEqual(['stt-final-slow']);
    const [wait, ...others] = found(200, 900);
    expect(wait!.rule).toBe('endpointing-wait');
    expect(wait!.verdict).not.toContain('together');
    expect(others).toEqual([]);
  });
});
