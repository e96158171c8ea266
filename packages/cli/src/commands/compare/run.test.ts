import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { armsOf, type CallOutcome, type SpokenCall } from '@firstword/bench';
import { FirstwordError } from '@firstword/turn';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { VoiceParts } from '../../voice-parts.js';
import { Progress } from './eta.js';
import { planOf } from './plan.js';
import type { playSubject } from './play.js';
import { runAll } from './run.js';
import { CompareScreen, type ComparisonSummary } from './screen.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'firstword-run-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const ARMS = 'livekit,firstword';
const call: SpokenCall = { id: 'hours', voice: 'rms', lines: [], clips: [] };
const outcome = (arm: string): CallOutcome => ({
  arm,
  round: 1,
  call: 'hours',
  voice: 'rms',
  lines: [{ line: 1, kind: 'number', gapMs: 500, cutOff: false, unanswered: 0, extraAnswers: 0 }],
  speculation: { turns: 1, startedTurns: 0, keptTurns: 0, requests: 1, hiddenMs: [] },
  errors: [],
});

/** Plays nothing: tells a call of each arm, and does what a test wants between them. */
const playing =
  (between: (setup: string) => void): typeof playSubject =>
  async ({ subject, arms, onCall, onOutcome }) => {
    for (const [index, { name }] of arms.entries()) {
      onCall({ index, count: arms.length, arm: name, round: 1, call });
      onOutcome(outcome(name));
      if (index === 0) between(subject.llm.name);
    }
  };

async function runWith(play: typeof playSubject, signal = new AbortController().signal) {
  const compare = { arms: ARMS, rounds: 1, warmUp: false, seed: 1, setup: 'all', out: dir, json: true };
  const plan = { ...(await planOf(compare)), arms: armsOf(ARMS) };
  const screen = new CompareScreen({ json: true });
  const parts = {} as VoiceParts;
  return runAll({
    compare,
    plan,
    parts,
    play,
    calls: [call],
    screen,
    progress: new Progress(1),
    eachMs: 1,
    signal,
  });
}

const kept = (setup: string) =>
  JSON.parse(readFileSync(join(dir, setup, 'comparison.json'), 'utf8')) as ComparisonSummary;

it('goes on where one set-up fails, and keeps what was played of it, marked as partial', async () => {
  const play = playing((setup) => {
    if (setup === 'mini') throw new FirstwordError('connect_failed', 'nobody answers');
  });
  const { summaries, failed, failures } = await runWith(play);
  expect(summaries.map(({ llm, stopped }) => [llm.name, stopped])).toEqual([
    ['groq', false],
    ['mini', true],
    ['mini-backup', false],
    ['fastest', false],
  ]);
  expect(failed).toEqual([{ name: 'mini', error: 'nobody answers' }]);
  expect(failures).toHaveLength(1);
  expect(kept('mini').calls.map(({ arm }) => arm)).toEqual(['livekit']);
  expect(kept('fastest').calls).toHaveLength(2);
});

it('makes no further comparison once it is stopped', async () => {
  const stop = new AbortController();
  const play = playing((setup) => {
    if (setup === 'mini') {
      stop.abort();
      throw new FirstwordError('aborted', 'stopped');
    }
  });
  const { summaries, failed } = await runWith(play, stop.signal);
  expect(summaries.map(({ llm, stopped }) => [llm.name, stopped])).toEqual([
    ['groq', false],
    ['mini', true],
  ]);
  expect(failed).toEqual([]);
});
