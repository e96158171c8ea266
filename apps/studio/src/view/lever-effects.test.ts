import { type TurnRecord, toTurnRecord } from '@firstword/turn';
import { describe, expect, it } from 'vitest';
import { LEVERS } from '../protocol.js';
import { leverEffects } from './lever-effects.js';
import { LIVEKIT_LEVERS } from './lever-text.js';

const ALL = Object.fromEntries(LEVERS.map((name) => [name, true]));

function record(more: Partial<TurnRecord> = {}): TurnRecord {
  return toTurnRecord({
    callId: 'call-1',
    turn: 1,
    at: '2026-11-22T10:00:00.000Z',
    marks: { speechEnded: 1000, firstAudible: 1600 },
    interrupted: false,
    bargeIn: false,
    toolCalls: 0,
    levers: ALL,
    ...more,
  });
}

const saving = (lever: string, more: Partial<TurnRecord> = {}) =>
  leverEffects(record(more)).find((saved) => saved.lever === lever)!;

type Llm = NonNullable<TurnRecord['llm']>;
type Attempts = NonNullable<Llm['attempts']>;

function raced(...attempts: Pick<Attempts[number], 'model' | 'reason' | 'outcome' | 'firstContentMs'>[]) {
  const llm: Llm = {
    provider: 'p',
    model: 'm',
    emulated: true,
    requests: attempts.length,
    attempts: attempts.map((attempt) => ({ provider: 'p', startedMs: 0, ...attempt })),
  };
  return { llm };
}

describe('the effects of the levers', () => {
  it('are none of a lever that is idle with a realtime model', () => {
    const realtime = { responses: 1, silentResponses: 0 };
    expect(saving('endpointing', { realtime })).toMatchObject({ note: 'idle: a realtime model answers' });
    expect(saving('clause', { realtime, clauseLeadMs: 90 }).ms).toBeUndefined();
    const tts = { provider: 'flite', model: 'flite' };
    expect(saving('clause', { realtime, tts, clauseLeadMs: 90 }).ms).toBe(90);
  });

  it('have no saving for a filler phrase, but say when the answer began', () => {
    expect(saving('filler').note).toBe('the answer was in time');
    const said = saving('filler', { bridge: { durationMs: 800, answerGapMs: 1500 } });
    expect(said).not.toHaveProperty('ms');
    expect(said.note).toMatch(/spoken at 600 ms; the answer began at 1,?500 ms/);
    expect(saving('filler', { bridge: { durationMs: 800 } }).note).toMatch(/no answer followed/);
  });

  it('are those of the levers that were on', () => {
    expect(leverEffects(record({ levers: { ...LIVEKIT_LEVERS, clause: true } })).map((s) => s.lever)).toEqual(
      ['clause'],
    );
    expect(leverEffects(record({ levers: LIVEKIT_LEVERS }))).toEqual([]);
    expect(leverEffects(record({ levers: undefined }))).toEqual([]);
  });

  it('have no figure where nothing was measured', () => {
    for (const saved of leverEffects(record())) {
      expect(saved).not.toHaveProperty('ms');
      expect(saved.note).not.toBe('');
    }
  });

  it('are the LLM time that a kept speculation hid, and its lead over LiveKit', () => {
    const kept = { started: 2, kept: 1, cancelled: 1, hiddenMs: 210 };
    const marks = { speculationStarted: 950, finalTranscript: 1200 };
    expect(saving('speculation', { speculation: kept, marks })).toMatchObject({
      ms: 210,
      note: expect.stringContaining('250 ms before the final transcript'),
    });
    const lost = { started: 2, kept: 0, cancelled: 2 };
    expect(saving('speculation', { speculation: lost })).toMatchObject({ note: '2 started, none kept' });
    expect(saving('speculation', { speculation: lost })).not.toHaveProperty('ms');
  });

  it('are the TTS time before the commit, without the time after it', () => {
    const marks = { ttsRequested: 1200, turnCommitted: 1310 };
    expect(saving('preemptiveTts', { marks }).ms).toBe(110);
    expect(saving('preemptiveTts', { marks: { ...marks, ttsFirstByte: 1260 } }).ms).toBe(60);
    expect(saving('preemptiveTts', { marks: { ...marks, ttsRequested: 1400 } })).not.toHaveProperty('ms');
  });

  it('are the lead of the first clause and the trimmed silence', () => {
    expect(saving('clause', { clauseLeadMs: 180 }).ms).toBe(180);
    expect(saving('clause', { clauseLeadMs: 0 })).not.toHaveProperty('ms');
    expect(saving('trimSilence', { trimmedMs: 160 }).ms).toBe(160);
  });

  it('are the difference to LiveKit’s endpointing delay; a longer delay is reported without a saving', () => {
    expect(saving('endpointing', { marks: { speechEnded: 1000, endpointingElapsed: 1262 } }).ms).toBe(38);
    const long = saving('endpointing', { marks: { speechEnded: 1000, endpointingElapsed: 1900 } });
    expect(long).not.toHaveProperty('ms');
    expect(long.note).toContain('endpointing delay 900 ms');
    const late = { speechEnded: 1000, turnCommitted: 1262 };
    expect(saving('endpointing', { marks: late })).not.toHaveProperty('ms');
  });

  it('name the LLM that answered first, with a figure only if both answered', () => {
    const hedge = { model: 'groq', reason: 'hedge', outcome: 'won', firstContentMs: 900 } as const;
    const slow = { model: 'mini', reason: 'primary', outcome: 'cancelled' } as const;
    expect(saving('backup', raced(slow, hedge))).toMatchObject({
      note: 'groq answered first; mini: cancelled',
    });
    expect(saving('backup', raced(slow, hedge))).not.toHaveProperty('ms');
    expect(saving('backup', raced({ ...slow, firstContentMs: 1000 }, hedge)).ms).toBe(100);
    const late = { ...hedge, outcome: 'cancelled' } as const;
    expect(saving('backup', raced({ ...slow, outcome: 'won' }, late)).note).toBe(
      'mini answered before its backup',
    );
  });
});
