import { describe, expect, it } from 'vitest';
import { diagnose } from '../diagnose.js';
import { renderDiagnosis } from '../render/doctor-text.js';
import { evidence, later, PATIENT_MARKS } from '../testing/evidence.js';
import { failedTurns } from './failed-turns.js';

const DEAD = { outcome: 'apology', failure: { part: 'llm', code: 'auth', status: 401 } } as const;
const SLOW = { marks: later(PATIENT_MARKS, 'firstContent', 1500), levers: {}, speculation: undefined };

describe('failed turns', () => {
  it('come first, before any wait', () => {
    const found = diagnose(evidence(40, (at) => (at < 12 ? DEAD : SLOW)));
    expect(found.findings[0]).toMatchObject({ rule: 'failed-turns', level: 'high', failedShare: 0.3 });
    expect(found.findings[0]!.verdict).toContain(
      '12 of 40 turns failed: LLM answered 401: the key was refused',
    );
    expect(found.verdict).toMatch(
      /^12 of 40 turns failed: LLM answered 401: the key was refused\. Silence of /,
    );
    expect(found.gapBreakdown?.turns).toBe(28);
    expect(renderDiagnosis(found)).toContain('30 % of the turns');
  });

  it('of a dead LLM are the diagnosis: its apologies are in no figure', () => {
    const found = diagnose(evidence(8, () => DEAD));
    expect(found.verdict).toBe(
      '8 of 8 turns failed: LLM answered 401: the key was refused. No turn has a gap to explain.',
    );
    expect(found.gapBreakdown).toBeUndefined();
    expect(found.findings.map(({ rule }) => rule)).toEqual(['failed-turns']);
  });

  it('have a finding for each reason', () => {
    const cut = { outcome: 'cut_short', failure: { part: 'llm', code: 'bad_stream' } } as const;
    const found = failedTurns.examine(evidence(10, (at) => (at < 3 ? DEAD : at < 5 ? cut : {})));
    expect(found.map(({ failedShare }) => failedShare)).toEqual([0.3, 0.2]);
    expect(found[1]!.evidence[0]!.text).toBe('LLM: the stream broke off (2 broke off)');
  });

  it('name speech that brought no words, and what to do about it', () => {
    const unheard = { outcome: 'asked_again', failure: { part: 'stt', code: 'no_words' } } as const;
    const [found] = failedTurns.examine(evidence(10, (at) => (at < 2 ? unheard : {})));
    expect(found!.evidence[0]!.text).toBe('STT: the speech brought no words (2 with a question to repeat)');
    expect(found!.fix.livekit.text).toContain('another STT');
  });

  it('weigh little where one in a thousand fails', () => {
    const found = diagnose(evidence(1000, (at) => (at === 0 ? DEAD : {})));
    expect(found.findings.find(({ rule }) => rule === 'failed-turns')).toMatchObject({ level: 'low' });
  });

  it('are not found in healthy calls', () => {
    expect(failedTurns.examine(evidence(10))).toEqual([]);
  });
});

it('takes it from a log that LiveKit gave up, unless another rule names why', () => {
  const gaveUp = { kind: 'llm failed' as const, place: 'a.log:4' };
  const closed = { kind: 'session closed' as const, place: 'a.log:5' };
  const [found] = failedTurns.examine({ ...evidence(3), events: [gaveUp, closed] });
  expect(found!.verdict).toContain('gives up on 1 answers');
  expect(found!.failedShare).toBe(0.25);
  const quota = { kind: 'quota used up' as const, place: 'a.log:3' };
  expect(failedTurns.examine({ ...evidence(3), events: [quota, gaveUp] })).toEqual([]);
});
