import { CASCADE_MARKS, turnRecord } from '@firstword/records/testing';
import type { Marks, TurnRecord } from '@firstword/turn';
import { describe, expect, it } from 'vitest';
import { REALTIME_MARKS } from '../testing/evidence.js';
import { WHAT_IF_CHANGES } from './changes/index.js';
import { whatIf } from './what-if.js';

/** Turns of one call with these TTFTs; all later marks move by the same amount. */
function turnsOf(
  ttfts: readonly number[],
  more: Partial<Parameters<typeof turnRecord>[0]> = {},
): TurnRecord[] {
  const after = [
    'firstContent',
    'firstClause',
    'ttsRequested',
    'ttsFirstByte',
    'framePublished',
    'firstAudible',
  ] as const;
  return ttfts.map((ttftMs, at) => {
    const laterMs = ttftMs - (CASCADE_MARKS.firstContent! - CASCADE_MARKS.llmRequested!);
    const later = Object.fromEntries(after.map((mark) => [mark, CASCADE_MARKS[mark]! + laterMs]));
    return turnRecord({ turn: at + 1, marks: { ...CASCADE_MARKS, ...later }, ...more });
  });
}

const HELD: Marks = {
  speechEnded: 1000,
  finalTranscript: 1200,
  speculationStarted: 1200,
  llmRequested: 1200,
  firstContent: 1300,
  endpointingElapsed: 1800,
  turnCommitted: 1800,
  firstClause: 1801,
  ttsRequested: 1802,
  ttsFirstByte: 1902,
  framePublished: 1903,
  firstAudible: 1953,
};

const p50 = (records: TurnRecord[], ...set: string[]) => whatIf(records, { set }).p50.after.valueMs;

describe('a turn replayed', () => {
  it('keeps the recorded gap where a change has no effect', () => {
    const found = whatIf(turnsOf([100, 200, 300]), { set: ['hedge=90/120@400ms'] });
    expect(found.p50.after.valueMs).toBe(found.p50.before.valueMs);
    expect(found.turns).toEqual({ read: 3, replayed: 3, changed: 0 });
  });

  it('is left out and counted where a change needs data that was not recorded', () => {
    const bare = turnRecord({ marks: { speechEnded: 0, firstAudible: 900 } });
    const unheard = turnRecord({ marks: { speechEnded: 0 } });
    const found = whatIf([...turnsOf([100, 200]), bare, unheard], { set: ['swap=90/120'] });
    expect(found.turns).toMatchObject({ read: 4, replayed: 2 });
    expect(found.leftOut).toEqual([
      { reason: 'no answer was heard', turns: 1 },
      { reason: 'no time to first content', turns: 1 },
    ]);
  });

  it('gives the same figures for the same seed', () => {
    const records = turnsOf([100, 400, 900, 2000]);
    const once = whatIf(records, { set: ['hedge=98/217/2117@300ms'], seed: 7 });
    expect(whatIf(records, { set: ['hedge=98/217/2117@300ms'], seed: 7 })).toEqual(once);
    expect(whatIf(records, { set: ['hedge=98/217/2117@300ms'], seed: 8 }).p95).not.toEqual(once.p95);
  });
});

describe('each change', () => {
  it('hedge: the second request wins where the delay plus its time is shorter than the first’s', () => {
    // 672 of the cascade's 800 ms are not TTFT.
    expect(p50(turnsOf([2000, 2000, 2000]), 'hedge=100/100@500ms')).toBeCloseTo(672 + 600);
    expect(p50(turnsOf([550, 550, 550]), 'hedge=100/100@500ms')).toBeCloseTo(672 + 550);
  });

  it('swap: uses the other provider’s times, and the recorded connection', () => {
    expect(p50(turnsOf([2000, 1500, 1800]), 'swap=100/100')).toBeCloseTo(772);
    const llm = { provider: 'groq', model: 'x', emulated: true, requests: 1 };
    const cold = turnsOf([2000], { llm: { ...llm, connection: { state: 'cold', tcpMs: 40, tlsMs: 50 } } });
    expect(p50(cold, 'swap=100/100')).toBeCloseTo(862);
  });

  it('swap: uses the user’s own turns of that provider where there are at least ten', () => {
    const other = turnsOf(Array(10).fill(300), {
      callId: 'other',
      llm: { provider: 'cerebras', model: 'kimi', emulated: false, requests: 1 },
    });
    const found = whatIf([...turnsOf(Array(30).fill(2000)), ...other], { set: ['swap=cerebras'] });
    expect(found.p50.after.valueMs).toBeCloseTo(672 + 300);
    expect(found.changes[0]!.assumes[0]).toContain('10 of your own turns');
  });

  it('warm: removes the wait of a cold request for its connection', () => {
    const marks: Marks = { ...turnsOf([500])[0]!.marks, connectionReady: 1812, requestSent: 1812 };
    const llm = {
      provider: 'groq',
      model: 'x',
      emulated: true,
      requests: 1,
      connection: { state: 'cold' as const },
    };
    expect(p50([turnRecord({ marks, llm })], 'warm')).toBeCloseTo(672 + 500 - 300);
  });

  it('cached-prefix: applies the published gain from the second turn on, or a recorded cost', () => {
    const llm = { provider: 'openai', model: 'x', emulated: true, requests: 1 };
    const tokens = { promptTokens: 150_000, cachedTokens: 0 };
    const records = turnsOf([1000, 1000], { llm: { ...llm, tokens } });
    const found = whatIf(records, { set: ['cached-prefix=1'] });
    expect(found.turns.changed).toBe(1);
    expect(found.p95.after.valueMs).toBeGreaterThan(found.p50.after.valueMs);
    const broken = {
      at: 'tools' as const,
      what: 'changed' as const,
      advice: '',
      lostCharacters: 1,
      costMs: 400,
    };
    const withCost = turnsOf([1000, 1000], { llm: { ...llm, tokens, prefixBreak: broken } });
    expect(whatIf(withCost, { set: ['cached-prefix'] }).p50.after.valueMs).toBeCloseTo(672 + 1000 - 200);
  });

  it('speculation: the LLM starts with the transcript, and the TTS still waits for the commit', () => {
    // Content comes 128 ms after the transcript at 1180, before the commit at 1510: the text is ready at the commit.
    expect(p50([turnRecord()], 'speculation=1')).toBeCloseTo(510 + 1 + 50 + 2 + 27);
    expect(p50([turnRecord()], 'speculation=0')).toBeCloseTo(800);
  });

  it('preemptive-tts: the audio is ready at the commit', () => {
    expect(p50([turnRecord({ marks: HELD })], 'preemptive-tts')).toBeCloseTo(800 + 50);
    expect(p50([turnRecord()], 'speculation=1', 'preemptive-tts')).toBeCloseTo(510 + 27);
  });

  it('clause: the first text is ready sooner, but never before a commit that it waits for', () => {
    expect(p50([turnRecord()], 'clause=20ms')).toBeCloseTo(800 - 60);
    expect(p50([turnRecord({ marks: HELD })], 'clause=20ms')).toBeCloseTo(953);
  });

  it('turn-silence: the provider’s own delay beyond its setting stays', () => {
    const settings = { 'turnDetection.bound': 'turnDetection.silence_duration_ms' };
    const asked = { ...settings, 'turnDetection.silence_duration_ms': 480 };
    const turn = turnRecord({ marks: REALTIME_MARKS, settings: asked });
    expect(p50([turn], 'turn-silence=300ms')).toBeCloseTo(1170 - 180);
    // Without the place in the audio, only the report of the end is known.
    const { turnEndAudio: _heard, turnEndSent: _sent, ...marks } = REALTIME_MARKS;
    expect(p50([turnRecord({ marks, settings: asked })], 'turn-silence=300ms')).toBeCloseTo(1170 - 180);
    expect(() => p50([turnRecord({ marks, settings })], 'turn-silence=300ms')).toThrow('not recorded');
    expect(() => p50([turnRecord({ marks: HELD })], 'turn-silence=300ms')).toThrow('no realtime provider');
    expect(() => p50([turn], 'turn-silence')).toThrow('turn-silence=400ms');
  });

  it('trim-silence: 30 ms remain', () => {
    expect(p50([turnRecord({ marks: HELD })], 'trim-silence')).toBeCloseTo(953 - 20);
  });

  it('states its assumptions', () => {
    for (const changeType of WHAT_IF_CHANGES) {
      const { name } = changeType;
      const ttftOf = () => ({ text: 'any', drawMs: () => 1 });
      const values: Record<string, string> = { swap: 'groq', hedge: 'groq', 'turn-silence': '400ms' };
      const change = changeType.prepare(values[name], { turns: [], ttftOf });
      expect(changeType.usage.startsWith(name)).toBe(true);
      expect(change.assumes.length, name).toBeGreaterThan(0);
    }
  });
});

describe('turns of LiveKit’s chat history', () => {
  const imported = {
    from: 'LiveKit chat history',
    e2eMs: 2000,
    endOfTurnDelayMs: 500,
    llmTtftMs: 1200,
    ttsTtfbMs: 200,
  };

  it('are replayed from the reported durations, to the first frame', () => {
    const record = turnRecord({ marks: { speechEnded: 0, framePublished: 2000 }, imported });
    const found = whatIf([record], { set: ['swap=100/100'] });
    expect(found.measure).toBe('firstFrame');
    expect(found.p50.after.valueMs).toBeCloseTo(2000 - 1100);
  });

  it('are not mixed with felt gaps', () => {
    const record = turnRecord({ marks: { speechEnded: 0, framePublished: 2000 }, imported });
    const found = whatIf([record, ...turnsOf([500, 500])], { set: ['swap=100/100'] });
    expect(found.turns).toMatchObject({ read: 3, replayed: 2 });
    expect(found.leftOut[0]!.reason).toContain('first frame');
  });
});

it.each([
  [['hedg=groq'], /no change "hedg"\. Did you mean hedge\?/],
  [['swap=grok'], /nothing is known of grok\. Did you mean groq/],
  [['hedge=acme-fst@500ms'], /Did you mean acme-fast/],
  [['hedge'], /hedge=PROVIDER@DELAY/],
  [['hedge=groq@soon'], /hedge=PROVIDER@DELAY/],
  [['swap=nobody'], /nothing is known of nobody/],
  [['swap=300/100'], /no distribution/],
  [['speculation=80'], /a share from 0 to 1/],
  [['warm=off'], /on or not set/],
  [['warm', 'warm'], /set twice/],
  [[], /no change was given/],
])('rejects %j', (set, message) => {
  expect(() => whatIf(turnsOf([100, 200]), { set, figureNames: ['acme-fast'] })).toThrow(message);
});

it('has intervals around its results, and none for one turn', () => {
  const ttfts = Array.from({ length: 60 }, (_, at) => 200 + ((at * 37) % 60) * 20);
  const { p50: shift } = whatIf(turnsOf(ttfts), { set: ['swap=98/217/2117'] });
  for (const { lowMs, valueMs, highMs } of [shift.before, shift.after, shift.saved]) {
    expect(lowMs).toBeLessThanOrEqual(valueMs);
    expect(highMs).toBeGreaterThanOrEqual(valueMs);
  }
  expect(whatIf(turnsOf([500]), { set: ['swap=groq'] }).p50.saved.lowMs).toBeUndefined();
});

it('changes no percentile where no turn changes, however few there are', () => {
  const { turns, p95 } = whatIf(turnsOf([200, 420, 900, 4000]), { set: ['hedge=groq@9s'] });
  expect(turns.changed).toBe(0);
  expect(p95.saved.valueMs).toBe(0);
});
