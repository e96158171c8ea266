import { describe, expect, it } from 'vitest';
import { pairsOf } from './gaps.js';
import type { CallOutcome, LineOutcome } from './outcome.js';
import { compareReport } from './report.js';
import { renderComparison } from './table.js';

const line = (number: number, more: Partial<LineOutcome> = {}): LineOutcome => ({
  line: number,
  kind: 'short question',
  cutOff: false,
  unanswered: 0,
  extraAnswers: 0,
  ...more,
});

const call = (arm: string, lines: LineOutcome[], more: Partial<CallOutcome> = {}): CallOutcome => ({
  arm,
  round: 1,
  call: 'hours',
  voice: 'rms',
  lines,
  speculation: { turns: lines.length, startedTurns: 0, keptTurns: 0, requests: lines.length, hiddenMs: [] },
  errors: [],
  ...more,
});

const SLOW = call('livekit', [line(1, { gapMs: 1000 }), line(2, { gapMs: 2000 }), line(3, { gapMs: 1500 })]);
const FAST = call('firstword', [line(1, { gapMs: 500 }), line(2, { gapMs: 1000 }), line(3, { gapMs: 750 })], {
  speculation: {
    turns: 4,
    startedTurns: 4,
    keptTurns: 3,
    requests: 6,
    hiddenMs: [100, 200, 300],
    answerTokens: 1000,
    wastedTokens: 250,
  },
});
const reportOf = (...calls: CallOutcome[]) => compareReport(['livekit', 'firstword'], calls);

describe('a comparison', () => {
  it('compares the second arm with the first, line by line', () => {
    const [livekit, firstword] = reportOf(SLOW, FAST).arms;
    expect(livekit!.versus).toBeUndefined();
    expect(livekit!.gaps!.p50.valueMs).toBe(1500);
    expect(firstword!.versus).toMatchObject({ arm: 'livekit', pairs: 3 });
    expect(firstword!.versus!.p50!.ratio).toBeCloseTo(0.5, 10);
    expect(firstword!.versus!.p95!.ratio).toBeCloseTo(0.5, 10);
  });

  it('draws intervals over speakers where they are known: lines of one speaker are one', () => {
    const lines = (speakers: (string | undefined)[]) =>
      speakers.map((speaker, i) =>
        line(i + 1, {
          gapMs: 500 + 100 * i,
          cutOff: i % 2 === 0,
          ...(speaker === undefined ? {} : { speaker }),
        }),
      );
    const [alone] = reportOf(call('livekit', lines(['s', 's', 's', 's']))).arms;
    expect(alone!.gaps!.p50.lowMs).toBeUndefined();
    expect(alone!.cutOffShare).toBeUndefined();
    const [many] = reportOf(call('livekit', lines([undefined, undefined, undefined, undefined]))).arms;
    expect(many!.gaps!.p50.lowMs).toBeLessThan(many!.gaps!.p50.highMs!);
    expect(many!.cutOffShare!.low).toBeLessThan(0.5);
    expect(renderComparison(reportOf(call('livekit', lines(['a', 'b', 'c', 'd']))))).toMatch(
      /50 % \(\d+–\d+\)/,
    );
  });

  it('reports the warm-up separately', () => {
    const cold = call('livekit', [line(1, { gapMs: 9000, cutOff: true })], { round: 0 });
    const [livekit] = reportOf(cold, SLOW, FAST).arms;
    expect(livekit).toMatchObject({ calls: 1, lines: 3, cutOffs: 0, warmUpP50Ms: 9000 });
    expect(livekit!.gaps!.p50.valueMs).toBe(1500);
  });

  it('pairs only lines with a gap in both arms, in the same round', () => {
    const half = call('firstword', [line(1, { gapMs: 500 }), line(2)]);
    expect(pairsOf([SLOW], [half])).toEqual([{ line: 'hours/1', baseMs: 1000, otherMs: 500 }]);
    expect(pairsOf([SLOW], [{ ...half, round: 2 }])).toEqual([]);
    expect(pairsOf([SLOW], [{ ...half, call: 'menu' }])).toEqual([]);
  });

  it('counts failures, and backchannels separately', () => {
    const lines = [
      line(1, { cutOff: true }),
      line(2, { unanswered: 2 }),
      line(3, { extraAnswers: 2 }),
      line(4, { kind: 'backchannel', stopped: true }),
    ];
    const report = compareReport(['livekit'], [call('livekit', lines, { errors: ['llm: late'] })]).arms[0]!;
    expect(report).toMatchObject({ lines: 3, cutOffs: 1, lost: 2, doubled: 1, errors: 1 });
    expect(report.backchannels).toEqual({ said: 1, stopped: 1 });
    expect('gaps' in report).toBe(false);
  });

  it('reports speculation, and its tokens only where they are known', () => {
    const [livekit, firstword] = reportOf(SLOW, FAST).arms;
    expect(firstword!.speculation).toMatchObject({
      acceptance: 0.75,
      hiddenP50Ms: 200,
      requestsPerTurn: 1.5,
      extraTokensShare: 0.25,
    });
    expect(livekit!.speculation).toEqual({ turns: 3, startedTurns: 0, keptTurns: 0, requestsPerTurn: 1 });
  });

  it('counts wrong and misheard lines among those that can be judged', () => {
    const lines = [
      line(1, { wrong: true, misheard: true }),
      line(2, { wrong: false, misheard: true }),
      line(3),
    ];
    const report = compareReport(['livekit'], [call('livekit', lines)]).arms[0]!;
    expect(report).toMatchObject({ wrong: { count: 1, of: 2 }, misheard: { count: 2, of: 2 } });
  });

  it('reports the gap after the commit where LLM and TTS would fit into the commit delay', () => {
    const turn = (afterCommitMs: number, llmAndTtsMs: number) => ({
      turn: { ledger: [], commitDelayMs: 300, afterCommitMs, llmAndTtsMs },
    });
    const lines = [line(1, turn(40, 250)), line(2, turn(60, 300)), line(3, turn(900, 1100)), line(4)];
    const { fitted } = compareReport(['livekit'], [call('livekit', lines)]).arms[0]!;
    expect(fitted).toMatchObject({ turns: 2, of: 3, afterCommit: { valueMs: 50, lowMs: 40, highMs: 60 } });
  });

  it('compares the CPU cost of a call with the same call of the first arm', () => {
    const costing = (arm: string, ms: number, more: Partial<CallOutcome> = {}) =>
      call(arm, [], { cpu: { ownMs: ms / 2, childrenMs: ms / 2, wallMs: 1000 }, ...more });
    const [livekit, firstword] = reportOf(
      costing('livekit', 200),
      costing('livekit', 300, { call: 'menu' }),
      costing('firstword', 240),
      costing('firstword', 400, { call: 'menu', round: 2 }),
    ).arms;
    expect(livekit!.cpu).toEqual({ calls: 2, share: 0.25 });
    expect(firstword!.cpu).toMatchObject({ calls: 2, added: { pairs: 1 } });
    expect(firstword!.cpu!.added!.share).toBeCloseTo(0.04, 10);
  });

  it('reports each kind of line', () => {
    const lines = [line(1, { gapMs: 900 }), line(2, { kind: 'hesitation', gapMs: 400, cutOff: true })];
    expect(compareReport(['livekit'], [call('livekit', lines)]).arms[0]!.byKind).toEqual([
      { kind: 'short question', said: 1, count: 1, p50Ms: 900, cutOffs: 0 },
      { kind: 'hesitation', said: 1, count: 1, p50Ms: 400, cutOffs: 1 },
    ]);
  });
});

describe('its table', () => {
  it('shows each arm’s gaps and the ratio with its interval', () => {
    const text = renderComparison(reportOf(SLOW, FAST));
    expect(text).toMatch(/livekit +3 +1500 \(1000–2000\)/);
    expect(text).toMatch(/firstword +3 +0\.50 \(0\.50–0\.50\) +0\.50/);
    expect(text).toMatch(/firstword +4 of 4 +3 \(75 %\) +200 +1\.5 +– +25 %/);
  });

  it('fits a terminal', () => {
    for (const row of renderComparison(reportOf(SLOW, FAST)).split('\n')) {
      expect(row.length).toBeLessThanOrEqual(80);
    }
  });

  it('shows a dash for figures that were not measured', () => {
    const text = renderComparison(reportOf(call('livekit', [line(1)])));
    expect(text).toMatch(/livekit +0 +– +– +–/);
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });
});
