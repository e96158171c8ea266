import { expect, it } from 'vitest';
import type { CallOutcome } from './outcome.js';
import type { ArmReport } from './report.js';
import { jointTargets, otherArm, targetsOf } from './targets.js';

const arm = (name: string, more: Partial<ArmReport> = {}): ArmReport => ({
  arm: name,
  calls: 1,
  lines: 50,
  cutOffs: 2,
  lost: 0,
  failed: 0,
  doubled: 0,
  wrong: { count: 0, of: 50 },
  misheard: { count: 0, of: 50 },
  fitted: { turns: 0, of: 50 },
  backchannels: { said: 0, stopped: 0 },
  speculation: { turns: 50, startedTurns: 40, keptTurns: 30, acceptance: 0.75, extraTokensShare: 0.5 },
  errors: 0,
  byKind: [],
  ...more,
});
const versus = { arm: 'livekit', pairs: 50, p50: { ratio: 0.5, low: 0.4, high: 0.7 }, p95: { ratio: 0.6 } };
const found = (ours: Partial<ArmReport>, setup: string | undefined = 'groq') =>
  Object.fromEntries(
    targetsOf(setup, { arms: [arm('livekit'), arm('firstword', { versus, ...ours })] }).map((t) => [
      t.what,
      t,
    ]),
  );

it('reports targets as met, missed or not measured', () => {
  const targets = found({ cutOffs: 3, cpu: { calls: 5, share: 0.2, added: { pairs: 5, share: 0.031 } } });
  expect(targets['felt gap p50, ratio']).toMatchObject({ measured: '0.50 (0.40–0.70)', met: true });
  expect(targets['felt gap p95, ratio']).toMatchObject({ wanted: '≤ 0.55', measured: '0.60', met: false });
  expect(targets['false cut-offs, of the lines']).toMatchObject({
    wanted: '≤ 4 %',
    measured: '6 %',
    met: false,
  });
  expect(targets['extra LLM tokens']).toMatchObject({ measured: '50 %', met: false });
  expect(targets['added work, of one core']).toMatchObject({ measured: '3.1 %', met: true });
  expect(targets['gap − commit delay p50, where LLM and TTS would fit']!.met).toBeUndefined();
});

it('has ratio targets only for the set-ups that define them, and none without both arms', () => {
  expect('felt gap p99, ratio' in found({}, 'mini-backup')).toBe(true);
  expect('felt gap p50, ratio' in found({}, 'one-of-mine')).toBe(false);
  expect(targetsOf('groq', { arms: [arm('livekit'), arm('all-levers', { versus })] })).toEqual([]);
});

it('has targets of their own for hosted speech, and for an STT that reports likely ends of turns', () => {
  const arms = [arm('livekit'), arm('firstword', { versus })];
  const wanted = (setup: string, speech: string) =>
    Object.fromEntries(
      targetsOf(setup, { arms, speech: { name: speech } }).map((target) => [target.what, target.wanted]),
    );
  expect(wanted('groq-gpt-oss-120b', 'deepgram+cartesia')).toMatchObject({
    'felt gap p50, ratio': '≤ 0.55',
    'felt gap p95, ratio': '≤ 0.6',
    'speculations kept': '≥ 80 %',
  });
  const eager = wanted('groq-gpt-oss-120b', 'flux+cartesia');
  expect(eager['felt gap p50, ratio']).toBe('≤ 0.85');
  expect(eager).not.toHaveProperty(['felt gap p95, ratio']);
  expect(wanted('mini', 'deepgram+cartesia')).not.toHaveProperty(['felt gap p50, ratio']);
});

it('pools the gap after the commit over all set-ups, where LLM and TTS would fit', () => {
  const call = (arm: string, round: number, afterMs: number[], llmAndTtsMs = 200): CallOutcome => ({
    arm,
    round,
    call: 'hours',
    voice: 'rms',
    lines: afterMs.map((afterCommitMs, i) => ({
      line: i + 1,
      kind: 'number',
      gapMs: 300 + afterCommitMs,
      cutOff: false,
      unanswered: 0,
      extraAnswers: 0,
      turn: { ledger: [], commitDelayMs: 300, afterCommitMs, llmAndTtsMs },
    })),
    speculation: { turns: 1, startedTurns: 0, keptTurns: 0, requests: 1, hiddenMs: [] },
    errors: [],
  });
  const fast = {
    calls: [call('firstword', 1, [10, 20, 30]), call('firstword', 0, [900]), call('livekit', 1, [500])],
  };
  const slow = { calls: [call('firstword', 1, [100, 120]), call('firstword', 1, [700], 900)] };
  expect(jointTargets([fast, slow])).toMatchObject([{ wanted: '≤ 60 ms', measured: '30 ms', met: true }]);
  expect(jointTargets([slow])).toMatchObject([{ measured: '110 ms', met: false }]);
  expect(jointTargets([{ calls: [call('livekit', 1, [500])] }])).toEqual([]);
});

it('compares Firstword with the first arm where it is present', () => {
  expect(otherArm(['livekit', 'all-levers', 'firstword'])).toBe('firstword');
  expect(otherArm(['livekit', 'only-clause'])).toBe('only-clause');
  expect(otherArm(['livekit'])).toBeUndefined();
});
