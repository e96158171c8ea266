import { describe, expect, it } from 'vitest';
import type { Marks } from '../marks.js';
import { type Ledger, ledger, type Segment } from './ledger.js';
import { ownerText } from './owner.js';

/** A cascade without speculation: each step waits for the previous one. */
const CASCADE: Marks = {
  speechEnded: 1000,
  finalTranscript: 1180,
  endpointingElapsed: 1500,
  turnCommitted: 1510,
  logicStarted: 1511,
  logicEnded: 1531,
  llmRequested: 1532,
  connectionReady: 1533,
  requestSent: 1534,
  responseHeaders: 1600,
  firstDelta: 1630,
  firstContent: 1640,
  firstClause: 1720,
  ttsRequested: 1721,
  ttsFirstByte: 1771,
  framePublished: 1773,
  firstAudible: 1800,
};

const line = (s: Segment) => `${s.name}: ${s.durationMs} (${ownerText(s.owner)})`;
const lines = (segments: Ledger['segments']) => segments.map(line);

describe('a cascade without speculation', () => {
  it('has a segment with an owner for every edge', () => {
    const context = {
      sttProvider: 'moonshine',
      llmProvider: 'groq',
      ttsProvider: 'flite',
      connection: 'reused',
      endpointingSetting: 'endpointing.minDelay',
    } as const;
    const found = ledger(CASCADE, context);
    expect(found.feltGapMs).toBe(800);
    expect(lines(found.segments)).toEqual([
      'end-of-turn wait: 500 (setting endpointing.minDelay)',
      'turn decision: 10 (setting turnDetection)',
      'to your logic: 1 (app)',
      'your logic: 20 (app)',
      'to the LLM: 1 (app)',
      'connection: 1 (network)',
      'request: 1 (network)',
      'LLM queue and prefill: 66 (provider groq)',
      'LLM first delta: 30 (provider groq)',
      'reasoning: 10 (setting reasoningEffort)',
      'first clause: 80 (setting clause)',
      'hand-off to the TTS: 1 (app)',
      'TTS first byte: 50 (provider flite)',
      'audio hand-off: 2 (app)',
      'leading silence: 27 (provider flite)',
    ]);
  });

  it('lists a transcript that was ready before the end of the wait as hidden', () => {
    expect(lines(ledger(CASCADE).hidden)).toEqual(['final transcript: 180 (provider stt)']);
  });

  it('puts a late transcript on the critical path instead of the wait', () => {
    const found = ledger({ ...CASCADE, finalTranscript: 1505 });
    expect(line(found.segments[0]!)).toBe('final transcript: 505 (provider stt)');
    expect(lines(found.hidden)).toEqual(['end-of-turn wait: 500 (setting endpointing)']);
  });

  it('ends at the caller, if that mark is known', () => {
    const found = ledger({ ...CASCADE, callerHeard: 1860 });
    expect(found.feltGapMs).toBe(860);
    expect(line(found.segments.at(-1)!)).toBe('transport: 60 (network)');
  });

  it('assigns a cold connection to the setting that keeps connections warm', () => {
    const found = ledger(CASCADE, { connection: 'cold' });
    expect(lines(found.segments)).toContain('connection: 1 (setting llm.warm)');
  });
});

describe('a speculation that was kept', () => {
  const kept: Marks = {
    speechEnded: 1000,
    interimTranscript: 900,
    speculationStarted: 905,
    llmRequested: 906,
    firstContent: 1206,
    firstClause: 1250,
    finalTranscript: 1180,
    endpointingElapsed: 1300,
    turnCommitted: 1302,
    ttsRequested: 1303,
    ttsFirstByte: 1350,
    framePublished: 1351,
    firstAudible: 1370,
  };

  it('lists the LLM as hidden and leaves the end-of-turn wait on the critical path', () => {
    const found = ledger(kept, { llmProvider: 'groq' });
    expect(lines(found.segments).slice(0, 3)).toEqual([
      'end-of-turn wait: 300 (setting endpointing)',
      'turn decision: 2 (setting turnDetection)',
      'TTS held for the commit: 1 (setting preemptiveTts)',
    ]);
    expect(lines(found.hidden)).toEqual([
      'speculation: 5 (setting speculation)',
      'to the LLM: 1 (app)',
      'LLM first content: 300 (provider groq)',
      'final transcript: 180 (provider stt)',
      'first clause: 44 (setting clause)',
    ]);
  });

  it('lists the TTS as hidden too, if it does not wait for the commit', () => {
    const { ttsRequested: _r, ttsFirstByte: _b, ...rest } = kept;
    const found = ledger({ ...rest, ttsRequested: 1251, ttsFirstByte: 1298, framePublished: 1303 });
    expect(lines(found.segments)).toEqual([
      'end-of-turn wait: 300 (setting endpointing)',
      'turn decision: 2 (setting turnDetection)',
      'reply released: 1 (app)',
      'leading silence: 67 (provider tts)',
    ]);
    expect(lines(found.hidden)).toContain('TTS first byte: 47 (provider tts)');
  });

  it('counts only the part of a slow LLM after the end of speech as gap', () => {
    const slow: Marks = {
      ...kept,
      firstContent: 1500,
      firstClause: 1510,
      ttsRequested: 1511,
      ttsFirstByte: 1560,
      framePublished: 1561,
      firstAudible: 1580,
    };
    const found = ledger(slow);
    expect(line(found.segments[0]!)).toBe('LLM first content: 500 (provider llm)');
    expect(lines(found.hidden)).toContain('LLM first content: 94 (provider llm)');
  });

  it('does not assign it to a transcript that the request did not wait for', () => {
    // The final transcript came between the speculation and its request; the commit followed later.
    const found = ledger({
      speechEnded: 1000,
      interimTranscript: 1100,
      speculationStarted: 1110,
      finalTranscript: 1112,
      llmRequested: 1114,
      turnCommitted: 1300,
      firstContent: 1500,
      firstAudible: 1600,
    });
    expect(lines(found.segments).slice(0, 3)).toEqual([
      'interim transcript: 100 (provider stt)',
      'speculation: 10 (setting speculation)',
      'to the LLM: 4 (app)',
    ]);
  });
});

it('leaves out segments of 0 ms', () => {
  const found = ledger({ ...CASCADE, firstDelta: CASCADE.responseHeaders });
  expect(lines(found.segments).join()).not.toContain('LLM first delta');
  expect(lines(found.segments)).toContain('reasoning: 40 (setting reasoningEffort)');
});

it('does not list waiting as hidden work', () => {
  // The TTS was held for the commit, and its audio then for the logic.
  const found = ledger({
    ...CASCADE,
    logicEnded: 1772,
    llmRequested: 1400,
    firstContent: 1480,
    firstClause: 1490,
  });
  expect(lines(found.segments)).toContain('reply released: 1 (app)');
  expect(lines(found.hidden).join()).toContain('TTS first byte');
  expect(lines(found.hidden).join()).not.toContain('voice held');
});

describe('missing marks', () => {
  it('makes time that no edge explains unaccounted', () => {
    const found = ledger({ speechEnded: 0, turnCommitted: 500, firstAudible: 900 });
    expect(lines(found.segments)).toEqual([
      'speechEnded to turnCommitted: 500 (unaccounted)',
      'turnCommitted to firstAudible: 400 (unaccounted)',
    ]);
  });

  it('still has the LLM’s time if no phase of the request was recorded', () => {
    const { connectionReady: _c, requestSent: _s, responseHeaders: _h, firstDelta: _d, ...rest } = CASCADE;
    expect(lines(ledger(rest).segments)).toContain('LLM first content: 108 (provider llm)');
  });

  it('is one unaccounted segment if only the ends were recorded', () => {
    const found = ledger({ speechEnded: 0, firstAudible: 900 });
    expect(lines(found.segments)).toEqual(['speechEnded to firstAudible: 900 (unaccounted)']);
  });

  it('reports that the end of speech is missing', () => {
    const { speechEnded: _, ...rest } = CASCADE;
    expect(ledger(rest)).toMatchObject({
      feltGapMs: undefined,
      segments: [],
      problem: expect.stringContaining('end of the caller’s speech'),
    });
  });

  it('reports that no audible answer is there', () => {
    const { firstAudible: _, ...rest } = CASCADE;
    expect(ledger(rest).problem).toBe('no audible answer was seen');
  });
});

it('reports an agent that spoke over the caller as a problem, not as a negative gap', () => {
  const found = ledger({ ...CASCADE, firstAudible: 990 });
  expect(found.feltGapMs).toBeUndefined();
  expect(found.problem).toBe('the agent was heard before the caller had finished');
});

it('has an empty ledger and a gap of 0 for an immediate answer', () => {
  expect(ledger({ speechEnded: 5, firstAudible: 5 })).toMatchObject({ feltGapMs: 0, segments: [] });
});

it('does not list work after the first audible sample', () => {
  const found = ledger({ speechEnded: 0, finalTranscript: 900, firstAudible: 400 });
  expect(lines(found.hidden)).toEqual(['final transcript: 400 (provider stt)']);
});

it('assigns text held for the commit to the end-of-turn wait, not to the clause', () => {
  const held = ledger(
    {
      speechEnded: 0,
      finalTranscript: 350,
      speculationStarted: 350,
      llmRequested: 350,
      firstContent: 450,
      endpointingElapsed: 2500,
      turnCommitted: 2500,
      firstClause: 2502,
      ttsRequested: 2502,
      ttsFirstByte: 2560,
      framePublished: 2560,
      firstAudible: 2780,
    },
    { endpointingSetting: 'endpointing.maxDelay' },
  );
  const longest = held.segments.reduce((a, b) => (b.durationMs > a.durationMs ? b : a));
  expect(longest).toMatchObject({ name: 'end-of-turn wait', durationMs: 2500 });
  expect(held.hidden.map((s) => s.name)).toContain('LLM first content');
});
