import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmulator } from '@firstword/emulator';
import { type SpeechMeasurement, type SpeechProbe, systemClock } from '@firstword/turn';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import { benchReport } from '../analyse/report.js';
import { benchCsv } from '../render/csv.js';
import { benchMarkdown } from '../render/markdown.js';
import { benchPage } from '../render/page/bench-page.js';
import { renderBench } from '../render/text.js';
import type { BenchPlan, RunFile } from '../run-file.js';
import type { BenchArm } from '../sample.js';
import { readRun } from '../store/run-store.js';
import { planOf } from '../testing/plan.js';
import { executeRun } from './execute-run.js';
import { prepareRun } from './prepare.js';

const REALTIME = 'realtime:emulated:gpt-realtime-1.5';
const LLM = 'emulated:instant';
const { signal } = new AbortController();
let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'firstword-mixed-client-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

/** What the next line gives, without waiting: the silence, and 400 ms. */
function measured({ silenceMs = 0 }: BenchArm): SpeechMeasurement {
  const startedMs = systemClock.nowMs();
  return {
    kind: 'realtime',
    startedMs,
    lateMs: 0,
    endedMs: startedMs + 1,
    billed: 4000,
    events: [],
    connectionMs: 40,
    sessionMs: 90,
    turnEndMs: silenceMs + 20,
    createdMs: silenceMs + 30,
    firstByteMs: silenceMs + 300,
    firstAudibleMs: silenceMs + 400,
  };
}

const openProbe = async (arm: BenchArm): Promise<SpeechProbe> => ({
  ready: async () => {},
  measure: async () => measured(arm),
  close: async () => {},
});

async function runOf(parts: Partial<BenchPlan> = {}): Promise<RunFile> {
  const plan = planOf({
    targets: [REALTIME, LLM],
    silencesMs: [500, 300],
    speech: { text: 'A table for four.', lineMs: 900 },
    ...parts,
  });
  const emulator = await startEmulator({ tokensPerSecond: 5000 });
  onTestFinished(() => emulator.close());
  const prepared = await prepareRun(plan, { signal });
  const file = join(dir, 'run.json');
  return executeRun({ prepared, file, version: '0.0.0', signal, emulator, openProbe });
}

it('measures realtime models and LLMs in one interleaved run', async () => {
  await runOf({ turns: 10 });
  const run = await readRun(join(dir, 'run.json'));
  const report = benchReport(run);
  const figures = report.arms.map(({ arm, response, speech }) => [
    arm.id,
    response?.count,
    speech?.kind === 'realtime' ? response?.p50.valueMs : undefined,
  ]);
  expect(figures).toEqual([
    [REALTIME, 10, 900],
    [`${REALTIME} · silence 300 ms`, 10, 700],
    [LLM, 10, undefined],
  ]);
  expect(report.arms[0]!.speech).toMatchObject({
    session: { p50: { valueMs: 90 } },
    turnEnd: { p50: { valueMs: 520 } },
    generationP50Ms: 280,
    leadingSilenceP50Ms: 100,
    connection: { p50: { valueMs: 40 } },
  });
  expect(report.arms[0]).not.toHaveProperty('felt');
  expect(report.arms[2]).toHaveProperty('felt');
  // A realtime model is never ranked with an LLM: they do not measure the same.
  expect(report.rankings.map(({ kind, arms }) => [kind, arms.length])).toEqual([
    ['realtime', 2],
    ['realtime', 2],
  ]);
  expect(report.variants.map(({ armId, changed }) => [armId, changed])).toEqual([
    [`${REALTIME} · silence 300 ms`, 'silence 300 ms'],
  ]);
});

it('shows both on a terminal, as Markdown, as a page and as rows', async () => {
  const run = await runOf();
  const report = benchReport(run);
  for (const text of [renderBench(run, report), benchMarkdown(run, report), benchPage(run, report)]) {
    expect(text).toContain('Time to first content');
    expect(text).toContain('First audible sample of the answer after the last word');
    expect(text).toContain('Realtime models: session and parts of the answer');
    expect(text).toContain('Felt gap with these models');
    expect(text).toContain('closed at the first audible sample');
    expect(text).not.toContain('Interim transcripts');
  }
  const [head, ...rows] = benchCsv(run).trim().split('\r\n');
  expect(head).toContain('turn_end_ms,response_created_ms,session_ms,connect_ms');
  expect(rows).toHaveLength(3 * 4);
});

it('keeps one budget for both', async () => {
  const run = await runOf({ budget: { requests: 5 } });
  expect(run.partial?.reason).toBe('budget');
  expect(run.used.requests).toBe(5);
});
