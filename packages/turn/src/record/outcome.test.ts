import { describe, expect, it } from 'vitest';
import { failureText, isFailed, outcomeOf, TURN_OUTCOMES } from './outcome.js';
import { type TurnObservation, toTurnRecord } from './record.js';

const HEARD: TurnObservation = {
  callId: 'call-1',
  turn: 1,
  at: '2026-11-22T10:00:00.000Z',
  marks: {
    speechEnded: 1000,
    turnCommitted: 1301,
    llmRequested: 1302,
    firstContent: 1500,
    firstAudible: 1750,
  },
  interrupted: false,
  bargeIn: false,
  toolCalls: 0,
  llm: { provider: 'groq', model: 'gpt-oss-120b', emulated: false, requests: 1 },
};
const { firstContent: _, ...WITHOUT_CONTENT } = HEARD.marks;

describe('the outcome of a turn', () => {
  it('decides whether there is a felt gap: only an answer has one, whatever was audible', () => {
    const gapOf = (outcome: TurnObservation['outcome']) => toTurnRecord({ ...HEARD, outcome }).feltGapMs;
    expect(Object.fromEntries(TURN_OUTCOMES.map((outcome) => [outcome, gapOf(outcome)]))).toEqual({
      answered: 750,
      interrupted: 750,
      tool_only: undefined,
      apology: undefined,
      asked_again: undefined,
      failed: undefined,
      cut_short: undefined,
    });
  });

  it('has the reason of a failure as the problem, and no segments', () => {
    const failure = { part: 'llm', code: 'auth', status: 401 } as const;
    const record = toTurnRecord({ ...HEARD, outcome: 'apology', failure });
    expect(record.problem).toBe(
      'an apology was said instead of an answer: LLM answered 401: the key was refused',
    );
    expect([record.segments, record.hidden]).toEqual([[], []]);
    expect(record.marks.firstAudible).toBe(1750);
  });

  it('gives an interrupted turn no gap if only its filler was heard', () => {
    const interrupted = { ...HEARD, outcome: 'interrupted', interrupted: true } as const;
    expect(toTurnRecord({ ...interrupted, bridge: { durationMs: 600, answerGapMs: 1400 } }).feltGapMs).toBe(
      750,
    );
    expect(toTurnRecord({ ...interrupted, bridge: { durationMs: 600 } }).feltGapMs).toBeUndefined();
  });

  it('is inferred for older records only where their data shows it', () => {
    expect(outcomeOf(HEARD)).toBeUndefined();
    expect(outcomeOf({ ...HEARD, interrupted: true })).toBe('interrupted');
    const silentLlm = { ...HEARD, marks: WITHOUT_CONTENT };
    expect(outcomeOf(silentLlm)).toBe('failed');
    expect(toTurnRecord(silentLlm).feltGapMs).toBeUndefined();
    for (const unclear of [
      { ...silentLlm, imported: { from: 'LiveKit chat history' } },
      { ...silentLlm, bridge: { durationMs: 600 } },
      { ...silentLlm, toolCalls: 1 },
      { ...silentLlm, llm: undefined },
    ]) {
      expect(outcomeOf(unclear)).toBeUndefined();
    }
  });

  it('counts as failed where the caller got no answer, or not all of it', () => {
    expect(TURN_OUTCOMES.filter(isFailed)).toEqual(['apology', 'asked_again', 'failed', 'cut_short']);
    expect(isFailed(undefined)).toBe(false);
  });
});

describe('failureText', () => {
  it('names the part, the status and what it means', () => {
    expect(failureText({ part: 'llm', code: 'rate_limited', status: 429 })).toBe(
      'LLM answered 429: the rate limit is reached',
    );
    expect(failureText({ part: 'tts', code: 'connect_failed' })).toBe('TTS: no connection');
    expect(failureText({ part: 'app', code: 'some_new_code' })).toBe('your code: some new code');
  });
});
