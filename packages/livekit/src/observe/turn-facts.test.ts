import { toTurnRecord } from '@firstword/turn';
import { describe, expect, it } from 'vitest';
import type { LlmRequest } from '../llm/llm.js';
import type { TTSTrace } from '../tts/tts-trace.js';
import { noWork, type TurnFacts, type TurnWork } from './observed-turn.js';
import { toObservation } from './turn-facts.js';

function request(requestedMs: number, more: Partial<LlmRequest['trace']> = {}): LlmRequest {
  return {
    id: `r${requestedMs}`,
    trace: {
      provider: 'groq',
      model: 'gpt-oss-120b',
      emulated: true,
      requests: 1,
      outcome: 'finished',
      marks: { llmRequested: requestedMs, firstContent: requestedMs + 100 },
      ...more,
    },
  };
}

type Seen = Partial<TurnFacts & TurnWork>;

function facts({ requests, ttsTraces, prepared, ...more }: Seen = {}): TurnFacts {
  return {
    turn: 1,
    wallMs: Date.UTC(2026, 0, 1, 12, 0, 0, 400),
    callStartMs: 1000,
    speechEndedMs: 5000,
    finalMs: 5350,
    endpointingElapsedMs: 5300,
    committedMs: 5400,
    logicStartedMs: 5400,
    logicEndedMs: 5400,
    work: {
      ...noWork(),
      requests: requests ?? [request(5410)],
      ttsTraces: ttsTraces ?? [{ firstClauseMs: 5560, requestedMs: 5560, firstByteMs: 5600 }],
      prepared: prepared ?? [],
    },
    publishedMs: 5601,
    audibleMs: 5800,
    interrupted: false,
    bargeIn: false,
    toolCalls: 0,
    settings: { 'endpointing.bound': 'endpointing.minDelay' },
    ...more,
  };
}

const record = (more: Seen = {}) => toTurnRecord(toObservation(facts(more), 'call'));
const names = (more: Seen = {}) => record(more).segments.map((s) => s.name);

describe('toObservation', () => {
  it('reports how much earlier than LiveKit’s first sentence the TTS was requested', () => {
    const lead = (atMs: number | undefined) =>
      record({ requests: [{ ...request(5410), sentence: { atMs } }] }).clauseLeadMs;
    expect(lead(5900)).toBe(340);
    expect(lead(5500)).toBe(0);
    expect(lead(undefined)).toBeUndefined();
  });

  it('includes the levers if they are known', () => {
    expect(record({ levers: { clause: true, endpointing: false } }).levers).toEqual({
      clause: true,
      endpointing: false,
    });
    expect(record()).not.toHaveProperty('levers');
  });

  /** A turn with a filler phrase before the synthesized answer. */
  const withFiller = (answer: TTSTrace) => {
    const ttsTraces = [{ filler: { atMs: 5500, durationMs: 700 }, ...answer }];
    return record({ ttsTraces, publishedMs: 5501, audibleMs: 5510 });
  };

  it('ends the gap with a filler, and reports when the answer itself came', () => {
    const turn = withFiller({ firstClauseMs: 6900, requestedMs: 6900, firstByteMs: 7000 });
    expect(turn.feltGapMs).toBe(510);
    expect(turn.segments.at(-3)).toMatchObject({
      name: 'wait for the filler phrase',
      owner: { kind: 'setting', name: 'bridge.overMs' },
      durationMs: 100,
    });
    expect(turn.bridge).toEqual({ durationMs: 700, answerGapMs: 2000 });
  });

  it('times the answer from the end of the filler if it was ready before', () => {
    const turn = withFiller({ firstClauseMs: 5600, requestedMs: 5600, firstByteMs: 5650 });
    expect(turn.bridge).toEqual({ durationMs: 700, answerGapMs: 1210 });
  });

  it('reports a filler without a following answer', () => {
    expect(withFiller({}).bridge).toEqual({ durationMs: 700 });
  });

  it('counts marks from the start of the call', () => {
    expect(record().marks.speechEnded).toBe(4000);
    expect(record().feltGapMs).toBe(800);
  });

  it('reports how much silence was trimmed from the played answer', () => {
    const played = { firstClauseMs: 5560, requestedMs: 5560, firstByteMs: 5600, trimmedMs: 180 };
    const later = { firstClauseMs: 5700, requestedMs: 5700, trimmedMs: 40 };
    expect(record({ ttsTraces: [played, later] }).trimmedMs).toBe(180);
    expect(record()).not.toHaveProperty('trimmedMs');
  });

  it('marks the interim that started the speculation, or the latest one without speculation', () => {
    const interimsMs = [5100, 5105];
    const early = record({ interimsMs, requests: [request(5101)] });
    expect(early.marks.interimTranscript).toBe(4100);
    expect(early.segments.every(({ owner }) => owner.kind !== 'unaccounted')).toBe(true);
    expect(record({ interimsMs }).marks.interimTranscript).toBe(4105);
  });

  it('dates the turn at the end of speech', () => {
    expect(record().at).toBe('2026-01-01T12:00:00.000Z');
  });

  it('takes the answer from the request that was not cancelled', () => {
    const cancelled = request(5200, { outcome: 'cancelled' });
    const kept = request(5360);
    const { llm, speculation, marks } = record({ requests: [cancelled, kept] });
    expect(marks.llmRequested).toBe(4360);
    expect(llm?.requests).toBe(2);
    expect(speculation).toEqual({ started: 2, kept: 1, cancelled: 1, hiddenMs: 40 });
  });

  it('takes the answer from the last speculation, even if an earlier one had completed', () => {
    expect(record({ requests: [request(4000), request(5360)] }).marks.llmRequested).toBe(4360);
  });

  it('ignores a speculation that belongs to another speech handle', () => {
    const dropped = { ...request(5360), speechId: 'dropped' };
    const { marks, speculation } = record({ speechId: 'mine', requests: [dropped, request(5410)] });
    expect(marks.llmRequested).toBe(4410);
    expect(speculation).toMatchObject({ started: 1, kept: 0, cancelled: 1 });
  });

  it('counts the tokens of cancelled requests, estimated if the provider reported none', () => {
    const spent = { promptTokens: 100, completionTokens: 7, estimated: true };
    const cut = { ...request(5100, { outcome: 'cancelled' }), spent };
    const turn = request(5200, {
      outcome: 'cancelled',
      usage: { promptTokens: 90, completionTokens: 10 },
    });
    expect(record({ requests: [turn, request(5360)] }).speculation).toMatchObject({ wastedTokens: 100 });
    expect(record({ requests: [cut, turn, request(5360)] }).speculation).toMatchObject({
      wastedTokens: 207,
      wastedTokensEstimated: true,
    });
  });

  it('treats LiveKit’s 0 tokens of a cancelled request as unknown', () => {
    const usage = { promptTokens: 0, completionTokens: 0 };
    const cancelled = request(5100, { outcome: 'cancelled', usage });
    expect(record({ requests: [cancelled, request(5360)] }).speculation).not.toHaveProperty('wastedTokens');
  });

  it('attributes prepare work to the speculation that it ran for', () => {
    const prepared = [
      { startedMs: 5000, logicStartedMs: 5000, logicEndedMs: 5010 },
      { startedMs: 5200, logicStartedMs: 5200, logicEndedMs: 5450, sentMs: 5450 },
    ];
    const { speculation, marks } = record({ prepared, requests: [request(5450)] });
    expect(speculation).toEqual({ started: 2, kept: 1, cancelled: 1, wastedTokens: 0, hiddenMs: 200 });
    expect(marks).toMatchObject({ speculationStarted: 4200, logicStarted: 4200, logicEnded: 4450 });
    expect(names({ prepared, requests: [request(5450)] })).toContain('your logic');
  });

  it('merges prepare work that began at the commit with the preceding hook', () => {
    const prepared = [{ startedMs: 5405, logicStartedMs: 5405, logicEndedMs: 5430, sentMs: 5430 }];
    const { marks, speculation } = record({ prepared, requests: [request(5431)] });
    expect(marks).toMatchObject({ logicStarted: 4400, logicEnded: 4430 });
    expect(speculation?.started).toBe(0);
  });

  it('does not count a request that began after the commit as a speculation', () => {
    expect(record().speculation).toEqual({ started: 0, kept: 0, cancelled: 0, wastedTokens: 0 });
    expect(record().marks.speculationStarted).toBeUndefined();
  });

  it('has separate segments for tools and the second request', () => {
    const more = {
      toolCalls: 1,
      requests: [request(5410), request(6000)],
      ttsTraces: [{ firstClauseMs: 6150, requestedMs: 6150, firstByteMs: 6200 }],
      publishedMs: 6201,
      audibleMs: 6400,
    };
    expect(names(more)).toEqual([
      'final transcript',
      'turn decision',
      'to the LLM',
      'LLM first content',
      'tools',
      'LLM after tools',
      'first clause',
      'TTS first byte',
      'audio hand-off',
      'leading silence',
    ]);
  });

  it('ignores TTS requests that began after the played answer', () => {
    const ttsTraces = [
      { firstClauseMs: 5560, requestedMs: 5560, firstByteMs: 5600 },
      { firstClauseMs: 5700, requestedMs: 5700 },
    ];
    expect(record({ ttsTraces }).marks.ttsFirstByte).toBe(4600);
  });

  it('reports why there is no gap if nothing was audible', () => {
    const silent = record({ publishedMs: undefined, audibleMs: undefined, ttsTraces: [], requests: [] });
    expect(silent.problem).toMatch(/no audible answer/);
    expect(silent.llm).toBeUndefined();
    expect(silent.feltGapMs).toBeUndefined();
  });

  it('omits transcripts unless they are enabled', () => {
    expect(record().transcript).toBeUndefined();
    expect(record({ callerText: 'hello' }).transcript).toEqual({ caller: 'hello' });
  });
});
