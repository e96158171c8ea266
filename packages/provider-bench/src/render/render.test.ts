import { findProfile } from '@firstword/emulator';
import { describe, expect, it } from 'vitest';
import { compareRuns } from '../analyse/compare-runs.js';
import { benchReport } from '../analyse/report.js';
import { trendPoint } from '../analyse/trend.js';
import type { RunFile } from '../run-file.js';
import { simulatedRun } from '../testing/simulated-run.js';
import { renderRunComparison, runComparisonMarkdown } from './comparison.js';
import { benchCsv } from './csv.js';
import { benchMarkdown } from './markdown.js';
import { benchPage } from './page/bench-page.js';
import { runComparisonPage } from './page/comparison-page.js';
import { trendPage } from './page/trend-page.js';
import { renderBench } from './text.js';

const groq = { target: 'groq:openai/gpt-oss-120b', ttft: findProfile('groq-gpt-oss-120b')!.ttft };
const openai = {
  target: 'openai:gpt-4o-mini',
  ttft: findProfile('gpt-4o-mini')!.ttft,
  failedShare: 0.05,
  costUsd: 0.0002,
};
const RUN = simulatedRun({ arms: [groq, openai], requests: 110, warmUps: 1, seed: 1 });
const REPORT = benchReport(RUN);

/** A run whose names are hostile. */
const HOSTILE: RunFile = JSON.parse(
  JSON.stringify(RUN).replaceAll('groq:openai/gpt-oss-120b', '=cmd|<script>alert(1)</script>\\u001b[2J'),
);
const DEAD: RunFile = {
  ...RUN,
  partial: { reason: 'stopped', message: 'stopped by Ctrl-C; --resume goes on' },
  abandoned: [{ target: groq.target, kind: 'auth', message: 'the key was refused', afterSamples: 1 }],
  samples: RUN.samples.map((sample) => ({ ...sample, phases: {}, error: { kind: 'auth', message: 'no' } })),
};
const NOT_FIGURES = /NaN|undefined|Infinity|\[object/;

describe('on a terminal', () => {
  const text = renderBench(RUN, REPORT, { widthColumns: 80 });

  it('fits 80 columns and names the fastest arm first', () => {
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(text).toMatch(/Fastest at p50: groq:openai\/gpt-oss-120b \d+ ms\./);
    expect(text).toMatch(/All providers are emulated/);
    expect(text).not.toMatch(NOT_FIGURES);
  });

  it('shows a stopped run and a run without answers', () => {
    const dead = renderBench(DEAD, benchReport(DEAD));
    expect(dead).toMatch(/Partial: stopped by Ctrl-C; --resume goes on/);
    expect(dead).toMatch(/no arm answered/);
    expect(dead).toMatch(/was abandoned after 1 answer \(auth\): the key was\s+refused/);
    expect(dead).not.toContain('first content, ms');
    expect(dead).toMatch(/openai:gpt-4o-mini: auth 110, such as: no/);
    expect(dead).not.toMatch(NOT_FIGURES);
  });

  it('puts the notice about a busy machine first', () => {
    const busy: RunFile = {
      ...RUN,
      samples: RUN.samples.map((sample, at) =>
        at % 4 === 0 ? { ...sample, machine: { eventLoopDelayMs: 0, contaminated: ['cpu'] } } : sample,
      ),
    };
    const notice = /This machine was busy: \d+ of 220 samples are contaminated/;
    const report = benchReport(busy);
    for (const shown of [renderBench(busy, report), benchMarkdown(busy, report), benchPage(busy, report)]) {
      expect(shown.replace(/\s+/g, ' ')).toMatch(notice);
    }
    expect(text.replace(/\s+/g, ' ')).not.toMatch(notice);
  });

  it('strips terminal escape sequences from names', () => {
    expect(renderBench(HOSTILE, benchReport(HOSTILE))).not.toContain('\u001b');
  });
});

describe('as a page', () => {
  it('is complete, loads nothing and runs nothing', () => {
    const page = benchPage(RUN, REPORT);
    expect(page).not.toMatch(/<script|<link|@import|https?:|url\(/);
    expect(page).not.toMatch(NOT_FIGURES);
    expect(page.match(/<figure>/g)).toHaveLength(4);
    expect(page).toContain('Every pair');
  });

  it('escapes names, and renders without any answer', () => {
    expect(benchPage(HOSTILE, benchReport(HOSTILE))).not.toContain('<script');
    const dead = benchPage(DEAD, benchReport(DEAD));
    expect(dead).toContain('Partial: stopped by Ctrl-C');
    expect(dead).not.toMatch(NOT_FIGURES);
  });
});

it('renders Markdown that hostile names cannot break', () => {
  const markdown = benchMarkdown(HOSTILE, benchReport(HOSTILE));
  const tables = markdown.split('\n').filter((line) => line.startsWith('| '));
  expect(tables.length).toBeGreaterThan(10);
  expect(markdown).not.toMatch(/(?<!\\)<script/);
  expect(benchMarkdown(RUN, REPORT)).not.toMatch(NOT_FIGURES);
});

it('renders CSV with one line per sample, warm-ups included, without formulas', () => {
  const lines = benchCsv(HOSTILE).trimEnd().split('\r\n');
  expect(lines).toHaveLength(1 + RUN.samples.length);
  expect(lines[0]).toMatch(/^index,arm,warm_up,/);
  expect(lines[1]).toMatch(/^0,'=cmd/);
  const columns = (line: string) => line.split(',').length;
  expect(new Set(lines.map(columns)).size).toBe(1);
});

describe('two runs', () => {
  const later = simulatedRun({ arms: [groq, { ...openai, driftMs: 3000 }], requests: 110, seed: 9 });

  it('are summed up in a sentence', () => {
    const text = renderRunComparison(compareRuns(RUN, later));
    expect(text).toMatch(/^ Worse: openai:gpt-4o-mini\. The other arms show no significant difference\./);
    expect(text).toMatch(/p50 rose by \d+ ms \(\d+–\d+\)/);
    expect(text).not.toMatch(NOT_FIGURES);
    const same = renderRunComparison(compareRuns(RUN, RUN));
    expect(same).toMatch(/^ No significant difference\. That does not prove there is none/);
  });

  it('report when there is nothing, or too little, to compare', () => {
    const other = simulatedRun({ arms: [{ ...groq, target: 'a:b' }], requests: 5, seed: 1 });
    expect(renderRunComparison(compareRuns(RUN, other))).toMatch(/no arm in common/);
    expect(renderRunComparison(compareRuns(other, other))).toMatch(/Too few answers to compare/);
  });

  it('render as Markdown and as a page', () => {
    const found = compareRuns(HOSTILE, HOSTILE);
    const markdown = runComparisonMarkdown(found, HOSTILE);
    expect(markdown).toMatch(/\| first content, ms \|/);
    expect(markdown).toMatch(/\n## New run\n/);
    const page = runComparisonPage(found, { old: HOSTILE, now: HOSTILE });
    expect(page).not.toContain('<script');
    expect(page).not.toMatch(NOT_FIGURES);
    expect(page.match(/<figure>/g)).toHaveLength(6);
  });
});

it('draws a history, even of a single run, and reports a change in the last run', () => {
  const points = [1, 2, 3].map((seed) => {
    const startedAt = `2026-11-2${seed}T08:00:00.000Z`;
    return trendPoint(benchReport(simulatedRun({ arms: [groq, openai], requests: 60, seed, startedAt })));
  });
  for (const some of [points, points.slice(0, 1)]) {
    const page = trendPage(some);
    expect(page.match(/<figure>/g)).toHaveLength(2);
    expect(page).not.toMatch(NOT_FIGURES);
    expect(page).not.toMatch(/<script|https?:|url\(/);
  }
  expect(trendPage(points)).toContain('The last run shows no change from the one before.');
  const slower = structuredClone(points);
  slower[2]!.arms[0]!.p50 = { valueMs: 400, lowMs: 380, highMs: 420 };
  expect(trendPage(slower)).toContain('In the last run p50 rose');
});
