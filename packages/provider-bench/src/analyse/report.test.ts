import { findProfile } from '@firstword/emulator';
import { describe, expect, it } from 'vitest';
import type { RunFile } from '../run-file.js';
import { simulatedRun } from '../testing/simulated-run.js';
import { compareRuns } from './compare-runs.js';
import { benchReport } from './report.js';
import { parseTrend, trendPoint } from './trend.js';

const groq = { target: 'groq:openai/gpt-oss-120b', ttft: findProfile('groq-gpt-oss-120b')!.ttft };
const openai = { target: 'openai:gpt-4o-mini', ttft: findProfile('gpt-4o-mini')!.ttft, failedShare: 0.03 };

const RUN = simulatedRun({
  arms: [groq, openai, { ...groq, mode: 'cold', coldMs: 300 }],
  requests: 120,
  warmUps: 2,
  seed: 5,
});

const edited = (edit: (sample: RunFile['samples'][number]) => Partial<RunFile['samples'][number]>) => ({
  ...RUN,
  samples: RUN.samples.map((sample) => ({ ...sample, ...edit(sample) })),
});

describe('a report', () => {
  const report = benchReport(RUN);
  const [warm, mini, cold] = report.arms as [
    (typeof report.arms)[0],
    (typeof report.arms)[0],
    (typeof report.arms)[0],
  ];

  it('counts warm-ups separately, and failed requests as failures', () => {
    expect(warm).toMatchObject({ requests: 120, warmUp: { count: 2 }, response: { count: 120 } });
    const failed = RUN.samples.filter(
      ({ armId, error, warmUp }) => armId === mini.arm.id && error && !warmUp,
    );
    expect(failed.length).toBeGreaterThan(0);
    expect(mini.failures).toMatchObject({ count: failed.length, of: 120 });
    expect(mini.failures!.kinds).toEqual([
      { kind: 'provider_error', count: failed.length, message: expect.stringContaining('503') },
    ]);
    expect(mini.response!.count + failed.length).toBe(120);
  });

  it('has phases whose means add up to the total, with DNS, TCP and TLS separate', () => {
    const total = cold.phases.reduce((sum, { meanMs }) => sum + meanMs, 0);
    const ends = RUN.samples.filter(({ armId, warmUp }) => armId === cold.arm.id && !warmUp);
    expect(total).toBeCloseTo(ends.reduce((sum, { phases }) => sum + phases.endMs!, 0) / 120, 6);
    expect(cold.phases.map(({ phase }) => phase).slice(0, 3)).toEqual(['dns', 'tcp', 'tls']);
    expect(cold.phases.find(({ phase }) => phase === 'tls')!.p50Ms).toBeCloseTo(150, 6);
    expect(warm.phases.map(({ phase }) => phase)).not.toContain('tls');
  });

  it('adds the other stages of a turn, and counts a failure as a late turn', () => {
    expect(report.otherStages).toMatch(/assumed/);
    expect(warm.felt!.p50Ms).toBeCloseTo(600 + warm.firstClause!.p50.valueMs, 6);
    expect(mini.felt!.overTwoSeconds).toBeGreaterThanOrEqual(mini.failures!.share);
    const stages = { source: 'mine', turns: [{ otherMs: 100, headStartMs: 10_000 }] };
    expect(benchReport(RUN, { stages }).arms[0]!.felt).toMatchObject({ p50Ms: 100, overOneSecond: 0 });
  });

  it('counts latency from the scheduled send time when a request was sent late', () => {
    const late = benchReport(edited(({ scheduledMs }) => ({ startedMs: scheduledMs + 40 }))).arms[0]!;
    expect(late.response!.p50.valueMs).toBeCloseTo(late.ttft!.p50.valueMs + 40, 6);
    expect(late.lateP99Ms).toBeCloseTo(40, 6);
    expect(late.ttft).toEqual(warm.ttft);
  });

  it('keeps contaminated samples, counts them, and reports percentiles without them', () => {
    const contaminated = benchReport(
      edited(({ index, machine }) =>
        index % 10 === 0 ? { machine: { ...machine, contaminated: ['cpu'] } } : {},
      ),
    ).arms[0]!;
    expect(contaminated.response).toEqual(warm.response);
    expect(contaminated.contaminated.kinds).toEqual([
      { kind: 'cpu', count: contaminated.contaminated.count },
    ]);
    expect(contaminated.contaminated.without!.count).toBe(120 - contaminated.contaminated.count);
  });

  it('pairs every warm arm with every warm arm, and marks one best backup per primary', () => {
    expect(report.whatIf).toHaveLength(4);
    const best = report.whatIf.filter(({ best }) => best);
    expect(best.map(({ primary }) => primary)).toEqual([warm.arm.id, mini.arm.id]);
    const pair = best.find(({ primary }) => primary === mini.arm.id)!;
    expect(pair.backup).toBe(warm.arm.id);
    const row = pair.rows.find(({ delayPercent }) => delayPercent === 90)!;
    expect(row.p95Gain!.low).toBeGreaterThan(0);
    expect(row.failedShare).toBe(0);
  });

  it('is complete where nothing was answered', () => {
    const dead = benchReport(edited(() => ({ phases: {}, error: { kind: 'auth', message: 'wrong key' } })));
    expect(dead.arms[0]).toMatchObject({ requests: 120, failures: { count: 120 } });
    expect(dead.arms[0]!.response).toBeUndefined();
    expect(dead.rankings.every(({ arms }) => arms.length === 0)).toBe(true);
    expect(dead.whatIf).toEqual([]);
    expect(benchReport({ ...RUN, samples: [] }).arms).toHaveLength(3);
    expect(JSON.stringify(dead)).not.toMatch(/null/);
  });
});

it('detects latency drift during a run', () => {
  const slowing = simulatedRun({
    arms: [
      { ...groq, driftMs: 200 },
      { ...groq, target: 'groq:steady' },
    ],
    requests: 90,
    seed: 2,
  });
  const [drifting, steady] = benchReport(slowing).arms;
  expect(drifting!.drift.lastThird!.verdict).toBe('slower');
  expect(steady!.drift.lastThird!.verdict).toBe('no-difference-shown');
  expect(steady!.drift.slices.reduce((sum, { count }) => sum + count, 0)).toBe(90);
});

describe('two runs', () => {
  const later = simulatedRun({ arms: [{ ...groq, driftMs: 0 }, openai], requests: 120, seed: 6 });

  it('differ only where there is a real difference', () => {
    const slower = {
      ...later,
      samples: later.samples.map((sample) =>
        sample.armId === groq.target
          ? { ...sample, phases: { ...sample.phases, firstContentMs: sample.phases.firstContentMs! + 80 } }
          : sample,
      ),
    };
    const { arms, onlyOld, onlyNow } = compareRuns(RUN, slower);
    expect(arms.map(({ differences }) => differences.map(({ verdict }) => verdict))).toEqual([
      ['slower', expect.any(String)],
      ['no-difference-shown', 'no-difference-shown'],
    ]);
    expect([onlyOld, onlyNow]).toEqual([[`${groq.target} · cold`], []]);
  });

  it('list the settings that changed', () => {
    const plan = { ...later.plan, systemTokens: 4000, promptFile: 'mine.txt' };
    expect(compareRuns(RUN, { ...later, plan }).changedSettings).toEqual([
      'system prompt tokens: old 900, new 4000',
      'prompt file: old none, new mine.txt',
    ]);
  });
});

describe('a history', () => {
  const line = (startedAt: string) =>
    JSON.stringify(trendPoint(benchReport({ ...RUN, startedAt }), { region: 'eu' }));

  it('is read oldest first, without a truncated last line', () => {
    const [late, early] = ['2026-11-24T08:00:00.000Z', '2026-11-23T08:00:00.000Z'];
    const text = `${line(late)}\n${line(early)}\n${line(late).slice(0, 50)}`;
    const points = parseTrend(text, 'history.jsonl');
    expect(points.map(({ startedAt }) => startedAt)).toEqual([early, late]);
    expect(points[0]!.arms[0]).toMatchObject({ armId: groq.target, emulated: true, count: 120 });
  });

  it('keeps the last line of a run that was appended more than once', () => {
    const at = '2026-11-24T08:00:00.000Z';
    const part = JSON.stringify({ ...JSON.parse(line(at)), partial: true });
    const points = parseTrend(`${part}\n${line(at)}\n`, 'history.jsonl');
    expect(points.map(({ partial }) => partial)).toEqual([false]);
  });

  it('is refused with the line number where a line is invalid', () => {
    expect(() => parseTrend('{}\n{}\n', 'h.jsonl')).toThrow(/h\.jsonl, line 1,/);
    expect(() => parseTrend('\n', 'h.jsonl')).toThrow(/holds no run/);
  });
});
