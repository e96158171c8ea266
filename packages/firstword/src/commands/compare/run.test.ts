import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { armsOf, type CallOutcome, type SpokenCall } from '@firstword/calls';
import { FirstwordError } from '@firstword/turn';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { SpeechEngines } from '../../speech-engines.js';
import type { CompareOptions } from './options.js';
import { planOf } from './plan.js';
import type { playSubject } from './play.js';
import { ComparisonProgress } from './progress.js';
import { completeCalls, openRun, optionsToResume } from './resume.js';
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

/** Plays nothing: reports one call per arm, and calls `between` after the first. */
const playing =
  (between: (setup: string) => void): typeof playSubject =>
  async ({ subject, arms, isPlayed, onCall, onOutcome }) => {
    for (const [index, { name }] of arms.entries()) {
      if (isPlayed(outcome(name))) continue;
      onCall({ index, count: arms.length, arm: name, round: 1, call });
      onOutcome(outcome(name));
      if (index === 0) between(subject.llm.name);
    }
  };

const COMPARE: CompareOptions = {
  ...{ arms: ARMS, rounds: 1, warmUp: false, seed: 1, setup: 'all', json: true },
};

async function runWith(
  play: typeof playSubject,
  { signal = new AbortController().signal, options = {} as Partial<CompareOptions>, version = '1' } = {},
) {
  const compare = { ...COMPARE, out: dir, ...options };
  const plan = { ...(await planOf(compare)), arms: armsOf(ARMS) };
  const run = await openRun(compare, { plan, version });
  const screen = new CompareScreen({ json: true });
  const speech = {} as SpeechEngines;
  return runAll({
    compare,
    plan,
    run,
    speech,
    play,
    calls: [call],
    screen,
    progress: new ComparisonProgress(1),
    eachMs: 1,
    signal,
  });
}

const kept = (setup: string) =>
  JSON.parse(readFileSync(join(dir, setup, 'comparison.json'), 'utf8')) as ComparisonSummary;

it('continues after a failed setup and keeps its partial results, marked as stopped', async () => {
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

it('starts no further comparison once stopped', async () => {
  const stop = new AbortController();
  const play = playing((setup) => {
    if (setup === 'mini') {
      stop.abort();
      throw new FirstwordError('aborted', 'stopped');
    }
  });
  const { summaries, failed } = await runWith(play, { signal: stop.signal });
  expect(summaries.map(({ llm, stopped }) => [llm.name, stopped])).toEqual([
    ['groq', false],
    ['mini', true],
  ]);
  expect(failed).toEqual([]);
});

/** A run that is stopped in its second setup, after the first arm's call. */
async function stoppedRun() {
  const stop = new AbortController();
  const play = playing((setup) => {
    if (setup !== 'mini') return;
    stop.abort();
    throw new FirstwordError('aborted', 'stopped');
  });
  await runWith(play, { signal: stop.signal });
}

/** Records which calls are played. */
function noting() {
  const played: string[] = [];
  const play: typeof playSubject = (options) =>
    playing(() => {})({
      ...options,
      onOutcome: (result) => {
        played.push(`${options.subject.llm.name} ${result.arm}`);
        options.onOutcome(result);
      },
    });
  return { played, play };
}

it.each([
  ['with the same command', async () => ({})],
  ['with --resume', async () => ({ ...(await optionsToResume(dir)), resume: dir })],
])('continues a stopped run, %s', async (_how, options) => {
  await stoppedRun();
  const { played, play } = noting();
  const { summaries } = await runWith(play, { options: await options() });
  // A call that only one arm had is played again for both; a complete one is not.
  expect(played).toEqual([
    'mini livekit',
    'mini firstword',
    'mini-backup livekit',
    'mini-backup firstword',
    'fastest livekit',
    'fastest firstword',
  ]);
  expect(summaries.map(({ llm, stopped, calls }) => [llm.name, stopped, calls.length])).toEqual([
    ['groq', false, 2],
    ['mini', false, 2],
    ['mini-backup', false, 2],
    ['fastest', false, 2],
  ]);
  expect(kept('mini').stopped).toBe(false);
});

it('rejects a different plan and names the differences', async () => {
  await stoppedRun();
  const { play, played } = noting();
  const refused = (how: Parameters<typeof runWith>[1], message: RegExp) =>
    expect(runWith(play, how)).rejects.toMatchObject({
      code: 'bad_input',
      message: expect.stringMatching(message),
    });
  await refused({ options: { seed: 2 } }, /another comparison was stopped .*seed: there 1, here 2/);
  await refused(
    { options: { rounds: 3, calls: 'core' } },
    /calls: there not given, here core; rounds: there 1/,
  );
  await refused({ version: '2' }, /version: there 1, here 2/);
  expect(played).toEqual([]);
});

it('rejects --resume for a complete, damaged or missing comparison', async () => {
  await expect(optionsToResume(dir)).rejects.toMatchObject({ code: 'bad_input' });
  await runWith(noting().play);
  const options = { ...(await optionsToResume(dir)), resume: dir };
  await expect(runWith(noting().play, { options })).rejects.toThrow(/complete/);
  writeFileSync(join(dir, 'plan.json'), '{');
  await expect(optionsToResume(dir)).rejects.toThrow(/damaged/);
});

it('starts a new run in the folder of a complete comparison and reuses nothing from it', async () => {
  await runWith(noting().play);
  await stoppedRun();
  const { play, played } = noting();
  await runWith(play);
  expect(played).toContain('fastest livekit');
  const { play: other, played: all } = noting();
  await runWith(other, { options: { seed: 2 } });
  expect(all).toHaveLength(8);
});

it('keeps only calls that every arm has completed, and no warm-ups', () => {
  const both = [outcome('livekit'), outcome('firstword')];
  const second = both.map((call) => ({ ...call, round: 2 }));
  const arms = armsOf(ARMS);
  expect(completeCalls([...both, second[0]!], arms)).toEqual(both);
  expect(completeCalls([...both, second[0]!, { ...second[1]!, stopped: true }], arms)).toEqual(both);
  expect(
    completeCalls(
      both.map((call) => ({ ...call, round: 0 })),
      arms,
    ),
  ).toEqual([]);
});
