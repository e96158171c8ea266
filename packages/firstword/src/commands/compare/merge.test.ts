import { type CallOutcome, compareReport } from '@firstword/calls';
import { expect, it } from 'vitest';
import { pool, readComparison } from './merge.js';
import type { ComparisonSummary } from './screen.js';

const call = (arm: string, gapMs: number, round = 1): CallOutcome => ({
  arm,
  round,
  call: 'hours',
  voice: 'rms',
  lines: [{ line: 1, kind: 'number', gapMs, cutOff: false, unanswered: 0, extraAnswers: 0 }],
  speculation: { turns: 1, startedTurns: 0, keptTurns: 0, requests: 1, hiddenMs: [] },
  errors: [],
});

function run(baseMs: number, otherMs: number, llm = 'groq'): ComparisonSummary {
  const calls = [call('livekit', 9000, 0), call('livekit', baseMs), call('firstword', otherMs)];
  const report = compareReport(['livekit', 'firstword'], calls);
  const choice = { name: llm, label: llm, emulated: true, source: '' };
  return { type: 'comparison', llm: choice, seed: 1, rounds: 1, stopped: false, ...report, calls };
}

it('pairs lines within their own run and does not count warm-ups', () => {
  const pooled = pool([run(1000, 500), run(2000, 1500)]);
  expect(pooled.rounds).toBe(2);
  expect(pooled.arms[0]).toMatchObject({ lines: 2, warmUpP50Ms: 9000 });
  expect(pooled.arms[1]!.versus).toMatchObject({ pairs: 2 });
});

it('marks the pooled comparison as stopped if one run was', () => {
  expect(pool([run(1000, 500), { ...run(1000, 500), stopped: true }]).stopped).toBe(true);
});

it('rejects runs of different LLMs and files that are not comparisons', async () => {
  expect(() => pool([run(1, 1), run(1, 1, 'mini')])).toThrow(expect.objectContaining({ code: 'bad_input' }));
  await expect(readComparison('/nowhere.json')).rejects.toMatchObject({ code: 'bad_input' });
});
