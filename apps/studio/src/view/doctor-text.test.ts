import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DoctorFinding, DoctorReport } from '../protocol.js';
import { scopeText, splitCode, turnsText, verdictText } from './doctor-text.js';
import { LIVEKIT_LEVERS } from './lever-text.js';

const FIRSTWORD = { ...LIVEKIT_LEVERS, speculation: true, clause: true };

function report(more: Partial<DoctorReport> = {}): DoctorReport {
  return {
    callId: 'call-1',
    levers: LIVEKIT_LEVERS,
    turns: 3,
    answered: 3,
    verdict: 'Silence of 330 ms in the middle, 400 ms at p95: nothing stands out.',
    findings: [],
    ...more,
  };
}

const finding = {} as DoctorFinding;

describe('the doctor’s summary sentence', () => {
  it('gives the number of turns without findings', () => {
    expect(verdictText(report())).toBe('No findings in 3 turns.');
    expect(verdictText(report({ answered: 1 }))).toBe('No findings in 1 turn.');
  });

  it('is the report’s own if there is a finding, or no felt gap', () => {
    const verdict = 'Silence of 1,200 ms: 60 % LLM.';
    expect(verdictText(report({ verdict, findings: [finding] }))).toBe(verdict);
    expect(verdictText(report({ verdict, answered: 0 }))).toBe(verdict);
  });
});

describe('the scope of the report', () => {
  it('names the levers and what could not be examined', () => {
    const text = scopeText(report({ turns: 4, levers: FIRSTWORD }), FIRSTWORD);
    expect(text).toMatch(
      /^Based on the 4 newest turns of this call with Firstword\. 1 turn without a felt gap\./,
    );
    expect(text).toContain('stragglers (six)');
  });

  it('asks for no more turns from six on, and says that savings do not add up', () => {
    const many = report({ turns: 6, answered: 6, findings: [finding, finding] });
    expect(scopeText(many, FIRSTWORD)).toBe(
      'Based on the 6 newest turns of this call with LiveKit defaults. Savings overlap and do not add up.',
    );
  });
});

describe('the turns of a piece of evidence', () => {
  const proof = (turns: number, ...shown: number[]) => ({
    text: '',
    turns,
    examples: shown.map((turn) => ({ callId: 'call-1', turn })),
  });

  it('are listed in order', () => {
    expect(turnsText(proof(2, 5, 2))).toBe('turns 2, 5');
    expect(turnsText(proof(1, 4))).toBe('turn 4');
    expect(turnsText(proof(7, 6, 1, 3))).toBe('7 turns, such as turns 1, 3, 6');
    expect(turnsText(proof(0))).toBe('');
  });
});

describe('code in a text', () => {
  it('is what is between backticks', () => {
    expect(splitCode('Log `metrics_collected`: once')).toEqual(['Log ', 'metrics_collected', ': once']);
    expect(splitCode('plain')).toEqual(['plain']);
    expect(splitCode('an `odd` one `here')).toEqual(['an ', 'odd', ' one `here']);
  });

  it('keeps the whole text', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '`', ' ') });
    fc.assert(
      fc.property(text, (given) => {
        expect(splitCode(given).join('').replaceAll('`', '')).toBe(given.replaceAll('`', ''));
        expect(splitCode(given).length % 2).toBe(1);
      }),
    );
  });
});

it('names no turn for the time to hello, which is of the call', () => {
  expect(turnsText({ text: 'any', turns: 1, examples: [{ callId: 'c', turn: 0 }] })).toBe('');
});
