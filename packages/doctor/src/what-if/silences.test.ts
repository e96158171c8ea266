import { turnRecord } from '@firstword/records/testing';
import {
  type CallRecord,
  HELLO_MARKS,
  type HelloMarkName,
  type TurnRecord,
  toCallRecord,
} from '@firstword/turn';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { helloMsOf, helloPlanOf } from './hello-plan.js';
import { toolSilenceMsOf } from './tool-plan.js';
import { whatIf } from './what-if.js';

let calls = 0;
const callOf = (marks: CallRecord['marks'], greeting: CallRecord['greeting'] = 'said') =>
  toCallRecord({ callId: `call-${++calls}`, at: '2026-11-30T10:00:00.000Z', marks, greeting });

/** A worker without an idle process, models that are loaded in the call, and a greeting of the TTS. */
const COLD: CallRecord['marks'] = {
  callerArrived: 0,
  processStarted: 400,
  prewarmStarted: 900,
  prewarmEnded: 1500,
  jobStarted: 1520,
  roomConnected: 1700,
  modelsRequested: 1550,
  modelsLoaded: 2100,
  sessionStarted: 2120,
  sessionReady: 2150,
  greetingRequested: 2160,
  ttsRequested: 2161,
  ttsFirstByte: 2500,
  trackSubscribed: 2300,
  framePublished: 2510,
  firstAudible: 2560,
};
const hello = (records: readonly (CallRecord | TurnRecord)[], ...set: string[]) =>
  whatIf(records, { set }).hello!;

describe('the time to hello', () => {
  it('is the recorded one without a change, whatever was recorded', () => {
    const anyMarks = fc.dictionary(fc.constantFrom(...HELLO_MARKS), fc.integer({ min: -3000, max: 3000 }));
    fc.assert(
      fc.property(anyMarks as fc.Arbitrary<Partial<Record<HelloMarkName, number>>>, (marks) => {
        const record = callOf(marks);
        const plan = helloPlanOf(record);
        expect(typeof plan === 'string' ? undefined : helloMsOf(plan)).toBe(record.helloMs);
      }),
    );
  });

  it('prewarm: neither process nor models are waited for, but the room is', () => {
    const { p50, changed } = hello([callOf(COLD)], 'prewarm');
    expect(p50.before.valueMs).toBe(2560);
    // Dispatch 400, job start 20, room 180; then everything from the session's start on.
    expect(p50.after.valueMs).toBe(400 + 20 + 180 + (2560 - 2100));
    expect(changed).toBe(1);
  });

  it('prewarm: takes the dispatch of the user’s own warm calls where it is shorter', () => {
    const { modelsRequested: _, modelsLoaded: __, ...marks } = COLD;
    const warm = {
      ...marks,
      processStarted: -5000,
      prewarmStarted: -4500,
      prewarmEnded: -4000,
      jobStarted: 100,
    };
    const found = whatIf([callOf(COLD), callOf(warm)], { set: ['prewarm'] });
    expect(found.changes[0]!.assumes[0]).toContain('your 1 call that found a ready process, 100 ms');
    expect(found.hello).toMatchObject({ read: 2, replayed: 2, changed: 1 });
  });

  it('prewarm: leaves out calls outside LiveKit’s jobs', () => {
    const outside = callOf({ callerArrived: 0, sessionStarted: 0, greetingRequested: 50, firstAudible: 900 });
    expect(hello([callOf(COLD), outside], 'prewarm')).toMatchObject({
      read: 2,
      replayed: 1,
      leftOut: [{ count: 1, reason: expect.stringContaining('did not run in a LiveKit job') }],
    });
    expect(() => hello([outside], 'prewarm')).toThrow('none of 1 calls can be replayed');
  });

  it('greeting: the cached audio is played at once, but not before the track is there', () => {
    // Asked for at 2160; the track came at 2300, the hand-off takes 10 ms and the silence 50 ms.
    expect(hello([callOf(COLD)], 'greeting').p50.after.valueMs).toBe(2300 + 10 + 50);
    const { trackSubscribed: _, ...marks } = COLD;
    expect(hello([callOf(marks)], 'greeting').p50.after.valueMs).toBe(2160 + 10 + 50);
  });

  it('greeting: uses the user’s own calls with a cached greeting, which do not change', () => {
    const { trackSubscribed: _, ttsRequested: __, ttsFirstByte: ___, ...marks } = COLD;
    const cached = callOf({ ...marks, framePublished: 2185, firstAudible: 2190 }, 'cached');
    const { trackSubscribed: ____, ...said } = COLD;
    const found = hello([cached, callOf(said, 'generated')], 'greeting');
    expect(found.changed).toBe(1);
    expect(found.p95.after.valueMs).toBeLessThanOrEqual(2160 + 25 + 50);
  });

  it('trim-silence: 30 ms remain of the greeting’s silence, and turns are replayed too', () => {
    const found = whatIf([callOf(COLD), turnRecord()], { set: ['trim-silence'] });
    expect(found.hello!.p50.saved.valueMs).toBe(20);
    expect(found.gap).toMatchObject({ replayed: 1 });
  });
});

/** A tool that runs from 1000 to 1000 + `toolMs` after words of 600 ms; the answer is heard 500 ms after it. */
const toolTurn = (toolMs: number, more: Partial<TurnRecord> = {}) => {
  const endedMs = 1000 + toolMs;
  return turnRecord({
    toolCalls: 1,
    marks: { speechEnded: 0, turnCommitted: 500, llmRequested: 505, firstContent: 800, firstAudible: 900 },
    tools: [{ name: 'look_up', startedMs: 1000, endedMs }],
    afterTools: [{ requestedMs: endedMs + 5, firstContentMs: endedMs + 300 }],
    speech: [
      { fromMs: 900, toMs: 1500 },
      { fromMs: endedMs + 500, toMs: endedMs + 2000 },
    ],
    ...more,
  });
};
const tool = (records: readonly TurnRecord[], ...set: string[]) => whatIf(records, { set }).tool!;

describe('the silence of tools', () => {
  it('is the recorded one without a change', () => {
    for (const turn of [toolTurn(300), toolTurn(4000)]) {
      expect(toolSilenceMsOf({ record: turn, times: new Map() })).toBe(turn.toolSilence!.longestMs);
    }
  });

  it('filler: no silence over the tool is longer than its limit, and the answer waits for the phrase', () => {
    const long = toolTurn(2000);
    expect(long.toolSilence!.longestMs).toBe(2000);
    // Words until 1500; phrases of 900 ms at 2300; the answer would begin at 3500.
    expect(tool([long], 'filler=800ms').p50.after.valueMs).toBe(900);
    // The phrase begins at 2300, while the tool runs until 2400, and delays the answer from 2900 to 3200.
    const short = toolTurn(1400);
    expect(tool([short], 'filler=800ms').p50.after.valueMs).toBe(900);
  });

  it('filler: says nothing over a tool that takes less than 0.8 s, whatever the limit', () => {
    const found = tool([toolTurn(700)], 'filler=100ms');
    expect(found.changed).toBe(0);
  });

  it('filler: says two phrases at most, and no more than the tool needs', () => {
    // Phrases at 2300 and 4000; the tool ends at 7000 and the answer begins at 7500.
    expect(tool([toolTurn(6000)], 'filler=800ms').p50.after.valueMs).toBe(7500 - 4900);
  });

  it('filler: takes the length of the user’s own phrases', () => {
    const own = toolTurn(2000, {
      speech: [
        { fromMs: 900, toMs: 1500 },
        { fromMs: 2300, toMs: 2700, isFiller: true },
        { fromMs: 3500, toMs: 5000 },
      ],
    });
    expect(whatIf([own], { set: ['filler'] }).changes[0]!.assumes[0]).toContain('400 ms each (your median)');
  });

  /** The LLM calls the tool at 300, before the commit at 800, at which the tool starts. */
  const held = toolTurn(2000, {
    marks: { speechEnded: 0, turnCommitted: 800, llmRequested: 100, firstContent: 300, firstAudible: 3500 },
    tools: [{ name: 'look_up', startedMs: 810, endedMs: 2810 }],
    afterTools: [{ requestedMs: 2815, firstContentMs: 3100 }],
    speech: [{ fromMs: 3500, toMs: 5000 }],
  });

  it('read-only: a tool that was called before the commit no longer waits for it', () => {
    const found = tool([held], 'read-only');
    expect(found.p50.before.valueMs).toBe(3500);
    expect(found.p50.saved.valueMs).toBe(500);
    expect(tool([toolTurn(2000)], 'read-only').changed).toBe(0);
  });

  it('read-only: only the tools that are named, which must exist', () => {
    expect(tool([held], 'read-only=look_up').changed).toBe(1);
    const two = toolTurn(100, { tools: [{ name: 'book', startedMs: 1000, endedMs: 1100 }] });
    expect(tool([held, two], 'read-only=book').changed).toBe(0);
    expect(() => tool([held], 'read-only=lookup')).toThrow(/Did you mean look_up/);
  });

  it('read-only: shortens the felt gap where the answer waits for the tools, not beyond the commit', () => {
    const marks = {
      ...held.marks,
      toolsReturned: 2810,
      contentAfterTools: 3100,
      firstClause: 3150,
      ttsRequested: 3155,
      ttsFirstByte: 3400,
      framePublished: 3450,
    };
    const { gap } = whatIf([{ ...held, marks }], { set: ['read-only'] });
    expect(gap!.p50.saved.valueMs).toBe(500);
    const quick = {
      ...held,
      marks: {
        ...marks,
        toolsReturned: 900,
        contentAfterTools: 950,
        firstClause: 960,
        ttsRequested: 961,
        ttsFirstByte: 990,
        framePublished: 995,
        firstAudible: 1000,
      },
      tools: [{ name: 'look_up', startedMs: 810, endedMs: 900 }],
    };
    expect(whatIf([quick], { set: ['read-only'] }).gap!.p50.after.valueMs).toBeGreaterThanOrEqual(800);
  });

  it('both together, and later changes of the LLM move the tools', () => {
    const found = whatIf([held], { set: ['read-only', 'filler=800ms'] });
    expect(found.tool!.p50.after.valueMs).toBeLessThan(found.tool!.p50.before.valueMs - 500);
    const swapped = whatIf([toolTurn(2000)], { set: ['swap=100/100', 'filler=800ms'] });
    expect(swapped.tool!.replayed).toBe(1);
  });
});
