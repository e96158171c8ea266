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

describe('the doctor’s first sentence', () => {
  it('says over how many turns nothing stands out', () => {
    expect(verdictText(report())).toBe('Nothing stands out in 3 turns.');
    expect(verdictText(report({ answered: 1 }))).toBe('Nothing stands out in 1 turn.');
  });

  it('is the doctor’s own where there is a finding, or no gap to explain', () => {
    const verdict = 'Silence of 1,200 ms: 60 % LLM.';
    expect(verdictText(report({ verdict, findings: [finding] }))).toBe(verdict);
    expect(verdictText(report({ verdict, answered: 0 }))).toBe(verdict);
  });
});

describe('what was examined', () => {
  it('is told with the levers, and what was missing', () => {
    const text = scopeText(report({ turns: 4, levers: FIRSTWORD }), FIRSTWORD);
    expect(text).toMatch(/^Of the 4 newest turns of this call with Firstword\. 1 turn without a felt gap\./);
    expect(text).toContain('stragglers from six');
  });

  it('needs no more turns from six on, and adds nothing up', () => {
    const many = report({ turns: 6, answered: 6, findings: [finding, finding] });
    expect(scopeText(many, FIRSTWORD)).toBe(
      'Of the 6 newest turns of this call with LiveKit defaults. Savings overlap: they do not add up.',
    );
  });
});

describe('the turns of a line of evidence', () => {
  const proof = (turns: number, ...shown: number[]) => ({
    text: '',
    turns,
    examples: shown.map((turn) => ({ callId: 'call-1', turn })),
  });

  it('are named, in their order', () => {
    expect(turnsText(proof(2, 5, 2))).toBe('turns 2, 5');
    expect(turnsText(proof(1, 4))).toBe('turn 4');
    expect(turnsText(proof(7, 6, 1, 3))).toBe('7 turns, such as turns 1, 3, 6');
    expect(turnsText(proof(0))).toBe('');
  });
});

describe('code in a text', () => {
  it('is what stands between backticks', () => {
    expect(splitCode('Log `metrics_collected`: once')).toEqual(['Log ', 'metrics_collected', ': once']);
    expect(splitCode('plain')).toEqual(['plain']);
    expect(splitCode('an `odd` one `here')).toEqual(['an ', 'odd', ' one `here']);
  });

  it('loses nothing of the text', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '`', ' ') });
    fc.assert(
      fc.property(text, (given) => {
        expect(splitCode(given).join('').replaceAll('`', '')).toBe(given.replaceAll('`', ''));
        expect(splitCode(given).length % 2).toBe(1);
      }),
    );
  });
});
