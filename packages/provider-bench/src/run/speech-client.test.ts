import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FirstwordError, type SpeechMeasurement, type SpeechProbe, systemClock } from '@firstword/turn';
import { afterEach, beforeEach, expect, it } from 'vitest';
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

let dir: string;
const { signal } = new AbortController();

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'firstword-speech-client-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

const STT = 'stt:emulated:deepgram-nova-3';
const TTS = 'tts:emulated:cartesia-sonic-3';

const speechPlan = (parts: Partial<BenchPlan> = {}): BenchPlan =>
  planOf({
    targets: [STT, TTS],
    modes: [{ mode: 'warm' }, { mode: 'cold' }],
    speech: { text: 'A table for four.', lineMs: 900 },
    ...parts,
  });

/** What the next measurements give, without waiting: 200 ms for an STT, 300 ms for a TTS. */
function measured({ kind, mode }: BenchArm): SpeechMeasurement {
  const startedMs = systemClock.nowMs();
  const connectionMs = mode === 'cold' ? { connectionMs: 40 } : {};
  const common = { startedMs, lateMs: 0, endedMs: startedMs + 1, events: [], ...connectionMs };
  return kind === 'stt'
    ? {
        kind,
        ...common,
        billed: 1500,
        finalMs: 200,
        eagerMs: -20,
        firstInterimMs: 400,
        interimEveryMs: 250,
        interims: 3,
        characters: 17,
      }
    : { kind: 'tts', ...common, billed: 17, firstByteMs: 240, firstAudibleMs: 300, audioMs: 1200 };
}

function probes(measure: (arm: BenchArm) => SpeechMeasurement = measured) {
  const opened: string[] = [];
  const closed: string[] = [];
  const ready: string[] = [];
  const openProbe = async (arm: BenchArm): Promise<SpeechProbe> => {
    opened.push(arm.id);
    return {
      ready: async () => {
        ready.push(arm.id);
      },
      measure: async () => measure(arm),
      close: async () => {
        closed.push(arm.id);
      },
    };
  };
  return { opened, closed, ready, openProbe };
}

async function runOf(
  plan: BenchPlan,
  parts: { openProbe: ReturnType<typeof probes>['openProbe']; pricesFile?: string },
): Promise<RunFile> {
  const prepared = await prepareRun(plan, { signal, ...parts });
  const file = join(dir, 'run.json');
  return executeRun({ prepared, file, version: '0.0.0', signal, openProbe: parts.openProbe });
}

it('keeps a probe for a warm arm, opens one for each request of a cold one, and closes all', async () => {
  const { opened, closed, ready, openProbe } = probes();
  const run = await runOf(speechPlan(), { openProbe });
  expect(run.samples).toHaveLength(4 * 4);
  const count = (list: string[], id: string) => list.filter((one) => one === id).length;
  for (const target of [STT, TTS]) {
    expect(count(opened, target)).toBe(1);
    expect(count(ready, target)).toBe(1);
    expect(count(opened, `${target} · cold`)).toBe(4);
  }
  expect(closed.sort()).toEqual(opened.sort());
});

it('writes samples that can be read again, without words', async () => {
  const { openProbe } = probes();
  await runOf(speechPlan(), { openProbe });
  const { samples } = await readRun(join(dir, 'run.json'));
  const stt = samples.find(({ speech }) => speech?.kind === 'stt')!;
  expect(stt.speech).toMatchObject({ finalMs: 200, eagerMs: -20, interimEveryMs: 250 });
  expect(stt.emulated).toBe(true);
  const cold = samples.filter(({ armId }) => armId.endsWith('cold'));
  expect(cold.every(({ connection, speech }) => connection === 'cold' && speech?.connectionMs === 40)).toBe(
    true,
  );
});

it('reports each kind by its own figure, and never compares an STT with a TTS', async () => {
  const { openProbe } = probes();
  const run = await runOf(speechPlan({ turns: 10 }), { openProbe });
  const report = benchReport(run);
  const p50 = Object.fromEntries(report.arms.map(({ arm, response }) => [arm.id, response?.p50.valueMs]));
  expect(p50).toEqual({ [STT]: 200, [`${STT} · cold`]: 200, [TTS]: 300, [`${TTS} · cold`]: 300 });
  expect(report.rankings.map(({ kind, arms }) => [kind, arms.length])).toEqual([
    ['stt', 2],
    ['stt', 2],
    ['tts', 2],
    ['tts', 2],
  ]);
  expect(report.variants.map(({ armId }) => armId)).toEqual([`${STT} · cold`, `${TTS} · cold`]);
  expect(report.whatIf).toEqual([]);
  expect(report.arms[0]).not.toHaveProperty('felt');
  expect(report.arms[1]!.speech).toMatchObject({ kind: 'stt', connection: { p50: { valueMs: 40 } } });
});

it('shows the figures on a terminal, as Markdown, as a page and as rows', async () => {
  const { openProbe } = probes();
  const run = await runOf(speechPlan(), { openProbe });
  const report = benchReport(run);
  for (const text of [renderBench(run, report), benchMarkdown(run, report), benchPage(run, report)]) {
    expect(text).toContain('Final transcript after the last word');
    expect(text).toContain('First audible sample after the text');
    expect(text).toContain('Interim transcripts');
    expect(text).toContain('Opening a connection');
    expect(text).not.toMatch(/felt gap|hedg|prompt/i);
  }
  const [head, ...rows] = benchCsv(run).trim().split('\r\n');
  expect(head).toContain('final_ms,preflight_ms,first_interim_ms');
  expect(rows).toHaveLength(16);
});

it('gives up an engine that refuses the key, and goes on with the other', async () => {
  const { openProbe } = probes(
    (arm) =>
      ({
        ...measured(arm),
        ...(arm.kind === 'stt' ? { finalMs: undefined, error: new FirstwordError('auth', 'refused') } : {}),
      }) as SpeechMeasurement,
  );
  const run = await runOf(speechPlan({ modes: [{ mode: 'warm' }] }), { openProbe });
  expect(run.abandoned).toMatchObject([{ target: STT, kind: 'auth' }]);
  expect(run.samples.filter(({ armId }) => armId === TTS)).toHaveLength(4);
});

it('reports an engine that cannot be opened', async () => {
  const openProbe = async () => {
    throw new FirstwordError('bad_input', 'no such plugin');
  };
  const run = await runOf(speechPlan(), { openProbe });
  expect(run.abandoned.map(({ message }) => message)).toEqual(['no such plugin', 'no such plugin']);
});

it('ends by its budget of requests', async () => {
  const { openProbe } = probes();
  const run = await runOf(speechPlan({ budget: { requests: 5 } }), { openProbe });
  expect(run.partial?.reason).toBe('budget');
  expect(run.used.requests).toBe(5);
});
