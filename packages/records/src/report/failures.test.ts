import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ledgerOf, TURN_OUTCOMES, type TurnRecord } from '@firstword/turn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportComparisonHtml, reportHtml } from '../html/report-page.js';
import { reportComparisonMarkdown, reportMarkdown } from '../render/markdown.js';
import { renderReport } from '../render/report-text.js';
import { renderSummary } from '../render/summary.js';
import { budgetLines, renderReportComparison } from '../render/verdict.js';
import { failuresText } from '../render/words.js';
import { fleet, linesOf } from '../testing/fleet.js';
import { CASCADE_MARKS, turnRecord } from '../testing/turn.js';
import { type Analysis, analyse } from './analyse.js';
import { checkBudget, parseBudget } from './budget.js';
import { compareReports } from './compare-reports.js';
import { outcomesOf } from './failures.js';
import { summarise } from './summary.js';

const FAILURE = { part: 'llm', code: 'auth', status: 401 } as const;
const FIRST = '12 of 40 turns failed: LLM answered 401: the key was refused';

const good = fleet(28, 800).map((record): TurnRecord => ({ ...record, outcome: 'answered' }));
/** Apologies are fast: counted as answers, they would make these turns look good. */
const apologies = Array.from({ length: 12 }, (_, at) =>
  turnRecord({ callId: 'dead', turn: at + 1, outcome: 'apology', failure: FAILURE }),
);
const some = [...good, ...apologies];

let dir: string;
let failing: Analysis;
let healthy: Analysis;

async function analysisOf(name: string, records: readonly object[]): Promise<Analysis> {
  const path = join(dir, name);
  writeFileSync(path, linesOf(records as TurnRecord[]));
  return analyse([path]);
}

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'firstword-failures-'));
  failing = await analysisOf('failing.jsonl', some);
  healthy = await analysisOf('healthy.jsonl', good);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('a report of turns that failed', () => {
  it('says so first, in every form', async () => {
    const { report } = failing;
    const first = (text: string) => stripVTControlCharacters(text).trim().split('\n')[0]!;
    expect(first(renderReport(report))).toBe(FIRST);
    expect(first(renderSummary(summarise(some)))).toBe(FIRST);
    expect(first(reportMarkdown(report))).toBe(`**${FIRST}**`);
    expect(reportHtml(report)).toContain(`</h1><p class="notice worse">${FIRST}.</p>`);
    const compared = compareReports(healthy, failing);
    for (const text of [
      renderReportComparison(compared),
      reportComparisonMarkdown(compared),
      reportComparisonHtml(compared),
    ]) {
      expect(text).toContain(`B: ${FIRST}`);
    }
  });

  it('has them in no percentile, and counts them by reason', () => {
    const { gap, failures, outcomes } = failing.report;
    expect(gap).toEqual(healthy.report.gap);
    expect(failures).toEqual({
      turns: 12,
      reasons: [{ reason: 'LLM answered 401: the key was refused', turns: 12 }],
    });
    expect(outcomes).toEqual([
      { outcome: 'answered', turns: 28 },
      { outcome: 'apology', turns: 12 },
    ]);
    expect(failing.report.problems).toEqual([]);
    expect(failing.report.segments).toEqual(healthy.report.segments);
    expect(summarise(some)).toMatchObject({ failures, outcomes, problems: [], feltGap: { count: 28 } });
  });

  it('exceeds a budget, unless the budget names a share', () => {
    const check = (text: string) => checkBudget(failing.report, parseBudget(text));
    expect(check('p95=5000').kept).toBe(false);
    expect(budgetLines(check('p95=5000'))[0]).toBe('failed ≤ 0 % of the turns: exceeded, 12 of 40');
    expect(check('p95=5000,failed=30').kept).toBe(true);
    expect(check('failed=29.9%').kept).toBe(false);
    expect(checkBudget(healthy.report, parseBudget('p95=5000')).kept).toBe(true);
    expect(() => parseBudget('failed=101')).toThrow(/failed=1/);
  });

  it('has the outcomes that outcomesOf returns, of older records too', async () => {
    const { firstContent: _, ...marks } = CASCADE_MARKS;
    const older = (changes: Parameters<typeof turnRecord>[0]) => ({
      ...turnRecord(),
      ...turnRecord(changes),
      // As an older version wrote them: with the gap of whatever was audible.
      feltGapMs: 800,
      segments: turnRecord().segments,
    });
    const all = [
      ...TURN_OUTCOMES.map((outcome) => turnRecord({ outcome })),
      older({}),
      older({ interrupted: true }),
      older({ marks }),
      older({ marks, toolCalls: 1 }),
      older({ marks, bridge: { durationMs: 600 } }),
      older({ marks, interrupted: true, bridge: { durationMs: 600 } }),
      older({ marks, imported: { from: 'another tool' } }),
      older({ marks, llm: undefined }),
    ].map((record, at): TurnRecord => ({ ...record, turn: at + 1 }));
    const { report, sortedMs } = await analysisOf('outcomes.jsonl', all);
    // Equally frequent ones stand by name here, and in the order of the records there.
    expect(new Set(report.outcomes)).toEqual(new Set(outcomesOf(all).outcomes));
    const gapsMs = all.flatMap((record) => ledgerOf(record).feltGapMs ?? []);
    expect([...sortedMs.feltGap]).toEqual(gapsMs.sort((a, b) => a - b));
    const totalMs = report.segments.reduce((sum, segment) => sum + segment.totalMs, 0);
    expect(totalMs).toBeCloseTo(
      gapsMs.reduce((sum, gapMs) => sum + gapMs, 0),
      3,
    );
  });
});

it('failuresText names the three most frequent reasons with their counts', () => {
  const reasons = ['a', 'b', 'c', 'd', 'e'].map((reason, at) => ({ reason, turns: 5 - at }));
  expect(failuresText({ turns: 15, reasons }, 1200)).toBe(
    '15 of 1,200 turns failed: a (5); b (4); c (3); 2 more reasons',
  );
  expect(failuresText({ turns: 0, reasons: [] }, 3)).toBeUndefined();
});
