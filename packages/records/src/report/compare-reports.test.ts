import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportComparisonHtml, reportHtml } from '../html/report-page.js';
import { reportComparisonMarkdown, reportMarkdown } from '../render/markdown.js';
import { renderReport } from '../render/report-text.js';
import { budgetLines, differenceText, renderReportComparison, verdictText } from '../render/verdict.js';
import { fleet, linesOf } from '../testing/fleet.js';
import { turnRecord } from '../testing/turn.js';
import { type Analysis, analyse } from './analyse.js';
import { checkBudget, parseBudget } from './budget.js';
import { compareReports, type PercentileDifference } from './compare-reports.js';

let dir: string;
let slow: Analysis;
let fast: Analysis;
let hostile: Analysis;

async function analysisOf(name: string, text: string): Promise<Analysis> {
  const path = join(dir, name);
  writeFileSync(path, text);
  return analyse([path]);
}

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'firstword-compare-'));
  slow = await analysisOf('slow.jsonl', linesOf(fleet(200, 1300)));
  fast = await analysisOf('fast.jsonl', linesOf(fleet(150, 800)));
  const callId = '\u001b[2J<script>alert(1)</script>|`x`';
  const llm = { provider: '<b>', model: '\u202Emodel', emulated: false, requests: 1 };
  hostile = await analysisOf(
    'hostile.jsonl',
    linesOf([turnRecord({ callId, llm }), turnRecord({ callId, turn: 2, llm })]),
  );
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('a comparison', () => {
  it('gives the change of each percentile, with an interval that contains it', async () => {
    const found = compareReports(slow, fast);
    for (const { aMs, bMs, differenceMs, lowMs, highMs, verdict } of found.differences) {
      expect(differenceMs).toBeCloseTo(bMs - aMs, 3);
      expect(lowMs).toBeLessThan(differenceMs);
      expect(highMs).toBeGreaterThan(differenceMs);
      expect(verdict).toBe('fell');
    }
    expect(verdictText(found)).toBe('B is faster: shown at p50, p90, p95, p99.');
    const [largest] = found.segments;
    expect(largest!.name).toBe('leading silence');
    expect(largest!.bMs - largest!.aMs).toBeCloseTo(-525, 0);
  });

  it('of a set with itself reports no significant difference, and does not claim equality', async () => {
    const found = compareReports(slow, slow);
    expect(found.differences.map(({ verdict }) => verdict)).toEqual(Array(4).fill('unclear'));
    expect(verdictText(found)).toContain('does not prove that there is none');
  });

  it('does not compare first frames with felt gaps', async () => {
    const metrics = { e2e_latency: 1.25, started_speaking_at: '2026-06-05T10:00:00Z' };
    const item = { 'chat.item': { message: { role: 'ASSISTANT', metrics } } };
    const frames = await analysisOf('frames.jsonl', JSON.stringify(item));
    const found = compareReports(frames, fast);
    expect(frames.report).toMatchObject({ measure: 'firstFrame', gap: { count: 1, p50: { valueMs: 1250 } } });
    expect([found.differences, found.segments]).toEqual([[], []]);
    expect(verdictText(found)).toContain('A has first frames only, B felt gaps');
    expect(reportComparisonHtml(found)).not.toContain('<svg');
  });

  it('is summed up in words', () => {
    const difference: PercentileDifference = {
      percent: 95,
      aMs: 1310,
      bMs: 1000,
      differenceMs: -310,
      lowMs: -400,
      highMs: -220,
      verdict: 'fell',
    };
    expect(differenceText(difference)).toBe('p95 fell by 310 ms, 95 % interval 220–400');
    expect(
      differenceText({ ...difference, differenceMs: -0.2, lowMs: -40, highMs: 60, verdict: 'unclear' }),
    ).toBe('p95: no difference shown (0 ms, 95 % interval −40 to +60)');
  });
});

describe('a budget', () => {
  it('is exceeded above the limit, and met at the limit', () => {
    const { valueMs } = fast.report.gap!.p95;
    const text = `p50=2000, p95=${valueMs},p99=900`;
    const { percentiles, kept } = checkBudget(fast.report, parseBudget(text));
    expect(percentiles.map((one) => one.kept)).toEqual([true, true, false]);
    expect(kept).toBe(false);
  });

  it('is not met by turns without a gap', () => {
    const result = checkBudget({ ...fast.report, gap: undefined }, parseBudget('p95=900'));
    expect(result.kept).toBe(false);
    expect(budgetLines(result).join()).toContain('no turn has a gap');
  });

  it.each(['p95', 'p95=', 'p42=900', 'p95=-1', 'p95=1e3', ''])('rejects %j', (text) => {
    expect(() => parseBudget(text)).toThrow(expect.objectContaining({ code: 'bad_input' }));
  });
});

describe('every output format', () => {
  it('fits 80 columns in a terminal, and is the same text without colour', async () => {
    const texts = [renderReport(slow.report), renderReportComparison(compareReports(slow, fast))];
    for (const line of texts.join('').split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
    expect(texts[0]!.split('\n').length).toBeLessThanOrEqual(60);
    expect(stripVTControlCharacters(renderReport(slow.report, { colour: true }))).toBe(texts[0]);
  });

  it('has the same p95 in it', async () => {
    const p95 = String(Math.round(slow.report.gap!.p95.valueMs));
    const compared = compareReports(slow, fast);
    for (const text of [
      renderReport(slow.report),
      reportMarkdown(slow.report),
      reportHtml(slow.report),
      reportComparisonHtml(compared),
      reportComparisonMarkdown(compared),
    ]) {
      expect(text).toContain(p95);
    }
  });

  it('escapes terminal codes, markup and table syntax from records', () => {
    const terminal = renderReport(hostile.report);
    expect(terminal).not.toContain('\u001b');
    expect(terminal).not.toContain('\u202E');
    expect(reportHtml(hostile.report)).not.toMatch(/<script|<b>\s*model/);
    expect(reportMarkdown(hostile.report)).not.toMatch(/[^\\]<script|[^\\]`x/);
  });

  it('renders a page that loads nothing', () => {
    expect(reportHtml(slow.report)).not.toMatch(/https?:|<script|<link|src=|url\(/);
  });
});
