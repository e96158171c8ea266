import { type TurnObservation, type TurnRecord, toTurnRecord } from '@firstword/turn';
import { describe, expect, it } from 'vitest';
import type { CallerTurn } from '../caller/report.js';
import type { TapeMeasurement } from '../tape/gap-detector.js';
import type { CompareLine, LineKind } from './calls.js';
import type { RecordedRequest } from './llm-requests.js';
import { lineOutcomes, speculationFacts } from './outcome.js';

const STARTED_MS = 10_000;

const tapeOf = (...turns: { callerEndMs: number; gapMs: number }[]): TapeMeasurement => ({
  turns: turns.map(({ callerEndMs, gapMs }) => ({
    callerStartMs: callerEndMs - 1000,
    callerEndMs,
    agentStartMs: callerEndMs + gapMs,
    agentEndMs: callerEndMs + gapMs + 2000,
    gapMs,
  })),
  overlaps: [],
  unanswered: [],
  caller: [],
  agent: [],
});

const record = (turn: number, more: Partial<TurnObservation>) =>
  toTurnRecord({
    callId: 'call',
    turn,
    at: '2026-11-22T10:00:00.000Z',
    marks: {},
    interrupted: false,
    bargeIn: false,
    toolCalls: 0,
    ...more,
  });

function outcomeOf(
  turn: Partial<CallerTurn>,
  tape: TapeMeasurement,
  {
    kind = 'number',
    records = [],
    requests = [],
  }: { kind?: LineKind; records?: TurnRecord[]; requests?: RecordedRequest[] } = {},
) {
  const line: CompareLine = { kind, parts: ['Seven.'], breathMs: 0 };
  const said: CallerTurn = {
    turn: 1,
    outcome: 'answered',
    attempts: 1,
    speechEndedMs: STARTED_MS + 5000,
    firstAudibleMs: STARTED_MS + 5777,
    gapMs: 777,
    spokenOver: false,
    bargedIn: false,
    extraAnswers: 0,
    ...turn,
  };
  const heard = { tape, records, requests, startedMs: STARTED_MS };
  return lineOutcomes({ lines: [line], lineMs: [800], turns: [said], ...heard })[0]!;
}

describe('the outcome of a line', () => {
  it('has the gap of the tape, not the one that the caller measured', () => {
    const tape = tapeOf({ callerEndMs: 2000, gapMs: 500 }, { callerEndMs: 5010, gapMs: 812 });
    expect(outcomeOf({}, tape)).toMatchObject({ gapMs: 812, cutOff: false, unanswered: 0 });
  });

  it('has no gap where the turn failed: the sound after the line is an apology', () => {
    const tape = tapeOf({ callerEndMs: 5010, gapMs: 812 });
    const records = [record(1, { marks: { speechEnded: 5000, firstAudible: 5800 }, outcome: 'apology' })];
    const line = outcomeOf({}, tape, { records });
    expect(line).toMatchObject({ failed: true, unanswered: 0 });
    expect(line).not.toHaveProperty('gapMs');
    expect(line.turn).not.toHaveProperty('afterCommitMs');
  });

  it('has no gap where the tape has no answer after its end', () => {
    expect('gapMs' in outcomeOf({}, tapeOf({ callerEndMs: 4200, gapMs: 300 }))).toBe(false);
  });

  it('is a cut-off when the agent was audible before the end of the line', () => {
    expect(outcomeOf({ spokenOver: true }, tapeOf()).cutOff).toBe(true);
    expect(outcomeOf({ spokenOver: true, bargedIn: true }, tapeOf()).cutOff).toBe(false);
  });

  it('counts each unanswered attempt, even if a later one was answered', () => {
    expect(outcomeOf({ attempts: 2 }, tapeOf()).unanswered).toBe(1);
    expect(outcomeOf({ attempts: 2, outcome: 'lost' }, tapeOf()).unanswered).toBe(2);
  });

  it('of a backchannel only shows whether the agent stopped', () => {
    const kind = 'backchannel';
    const lost = outcomeOf({ attempts: 2, outcome: 'lost', gapMs: undefined }, tapeOf(), { kind });
    expect(lost).toMatchObject({ stopped: true, unanswered: 0, cutOff: false });
    expect(outcomeOf({ gapMs: 5 }, tapeOf(), { kind }).stopped).toBe(false);
  });

  it('detects from the records that a backchannel was taken for a turn, even if the agent was audible at its end', () => {
    const took = (speechEnded: number) => [record(1, { marks: { speechEnded } })];
    const kind = 'backchannel';
    expect(outcomeOf({ gapMs: 5 }, tapeOf(), { kind, records: took(5040) }).stopped).toBe(true);
    expect(outcomeOf({ gapMs: 5 }, tapeOf(), { kind, records: took(2000) }).stopped).toBe(false);
  });
});

describe('the transcript of a line', () => {
  const turn = (caller: string, agent: string, speechEnded = 5000) =>
    record(1, { marks: { speechEnded }, transcript: { caller, agent } });
  const wordsOf = (records: TurnRecord[], ...requests: RecordedRequest[]) =>
    outcomeOf({}, tapeOf(), { records, requests });

  it('is answered correctly where the LLM request has the committed words, in any spelling', () => {
    const outcome = wordsOf([turn('Seven.', 'Seven it is.')], {
      userText: 'seven',
      answerText: 'Seven it is.',
    });
    expect(outcome).toMatchObject({ wrong: false, misheard: false });
  });

  it('has a wrong answer where the spoken answer was generated for other words', () => {
    const first = { userText: 'Sev', answerText: 'Pardon?' };
    const second = { userText: 'Seven.', answerText: 'Seven it is.' };
    expect(wordsOf([turn('Seven.', 'Pardon?')], first, second).wrong).toBe(true);
    expect(wordsOf([turn('Seven.', 'Seven')], first, second).wrong).toBe(false);
  });

  it('is not judged by an answer that no request generated', () => {
    expect('wrong' in wordsOf([turn('Seven.', 'I am sorry.')], { userText: 'Seven.', answerText: '' })).toBe(
      false,
    );
    expect('wrong' in wordsOf([record(1, { marks: { speechEnded: 5000 } })])).toBe(false);
  });

  it('is misheard where the transcripts of its turns differ, also over several turns', () => {
    expect(wordsOf([turn('Eleven.', 'Yes.')]).misheard).toBe(true);
    expect(wordsOf([turn('Sev', 'Yes.', 4500), turn('seven', 'Yes.')]).misheard).toBe(true);
    expect('misheard' in wordsOf([turn('Seven.', 'Yes.', 1000)])).toBe(false);
  });

  it('is not misheard where a repaired turn repeats the words of its first half', () => {
    const half = { ...turn('Sev', 'Yes.', 4500), repaired: { part: 'half' as const, resumedMs: 300 } };
    const whole = { ...turn('Seven.', 'Yes.'), repaired: { part: 'whole' as const, resumedMs: 300 } };
    expect(wordsOf([half, whole]).misheard).toBe(false);
    expect('misheard' in wordsOf([half])).toBe(false);
  });
});

it('has the figures of the turn of a line, relative to the tape', () => {
  const marks = {
    speechEnded: 5000,
    turnCommitted: 5400,
    llmRequested: 5300,
    firstContent: 5420,
    ttsRequested: 5500,
    ttsFirstByte: 5530,
    firstAudible: 5600,
  };
  const tape = tapeOf({ callerEndMs: 5004, gapMs: 596 });
  const { turn } = outcomeOf({}, tape, { records: [record(1, { marks })] });
  expect(turn).toMatchObject({ commitDelayMs: 400, afterCommitMs: 200, llmAndTtsMs: 150 });
  expect(turn!.ledger.reduce((sum, part) => sum + part.ms, 0)).toBeCloseTo(600, 6);
});

describe('speculation facts', () => {
  const llm = { provider: 'groq', model: 'gpt-oss-120b', emulated: true };

  it('sum up turns, requests, tokens and hidden time', () => {
    const facts = speculationFacts([
      record(1, {
        llm: { ...llm, requests: 3, tokens: { promptTokens: 90, completionTokens: 10 } },
        speculation: { started: 3, kept: 1, cancelled: 2, hiddenMs: 120, wastedTokens: 40 },
      }),
      record(2, { llm: { ...llm, requests: 1 }, speculation: { started: 0, kept: 0, cancelled: 0 } }),
    ]);
    expect(facts).toEqual({
      turns: 2,
      startedTurns: 1,
      keptTurns: 1,
      requests: 4,
      hiddenMs: [120],
      answerTokens: 100,
      wastedTokens: 40,
    });
  });

  it('count hedges where a router sent them', () => {
    const attempt = { provider: 'p', model: 'm', startedMs: 0 };
    const attempts = [
      { ...attempt, reason: 'primary' as const, outcome: 'cancelled' as const },
      { ...attempt, reason: 'hedge' as const, outcome: 'won' as const },
    ];
    expect(speculationFacts([record(1, { llm: { ...llm, requests: 2, attempts } })]).hedges).toBe(1);
  });

  it('leave out tokens that no record reports', () => {
    const facts = speculationFacts([record(1, { llm: { ...llm, requests: 1 } })]);
    expect('answerTokens' in facts || 'wastedTokens' in facts).toBe(false);
  });
});
