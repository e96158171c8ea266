import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CallRecord, type TurnRecord, toCallRecord } from '@firstword/turn';
import { expect, it, onTestFinished } from 'vitest';
import { reportHtml } from '../html/report-page.js';
import { reportMarkdown } from '../render/markdown.js';
import { renderReport } from '../render/report-text.js';
import { budgetLines } from '../render/verdict.js';
import { readTurns } from '../store/read.js';
import { CASCADE_MARKS, turnRecord } from '../testing/turn.js';
import { analyse } from './analyse.js';
import { checkBudget, parseBudget } from './budget.js';

const call = (at: number, helloMs?: number, callerHeardMs?: number): CallRecord =>
  toCallRecord({
    callId: `call-${at}`,
    at: '2026-11-30T10:00:00.000Z',
    marks: {
      callerArrived: 0,
      sessionStarted: 100,
      ...(helloMs === undefined
        ? {}
        : { greetingRequested: 200, framePublished: helloMs - 10, firstAudible: helloMs }),
      ...(callerHeardMs === undefined ? {} : { callerHeard: callerHeardMs }),
    },
    ...(helloMs === undefined ? { problem: 'the caller spoke first' } : { greeting: 'said' as const }),
  });

/** A turn with a tool that runs for this long, without words. */
const toolTurn = (at: number, toolMs: number): TurnRecord =>
  turnRecord({
    callId: `call-${at}`,
    toolCalls: 1,
    tools: [{ name: 'look_up', startedMs: 1_600, endedMs: 1_600 + toolMs }],
    afterTools: [{ requestedMs: 1_600 + toolMs, firstContentMs: 1_900 + toolMs }],
    speech: [{ fromMs: 2_000 + toolMs, toMs: 3_000 + toolMs }],
    marks: { ...CASCADE_MARKS, framePublished: 1_990 + toolMs, firstAudible: 2_000 + toolMs },
  });

async function reportOf(records: readonly (CallRecord | TurnRecord)[]) {
  const dir = await mkdtemp(join(tmpdir(), 'firstword-silences-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  const path = join(dir, 'calls.jsonl');
  await writeFile(path, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  const { report } = await analyse([path]);
  return { report, path };
}

it('shows the time to hello and the silence of tools, with their parts', async () => {
  const { report, path } = await reportOf([
    call(1, 500),
    toolTurn(1, 1_000),
    // The caller's side has reported the greeting: the newer record counts.
    call(2, 700),
    call(2, 700, 800),
    toolTurn(2, 3_000),
    call(3),
  ]);
  expect(report.turns).toBe(2);
  expect(report.read.badLines).toBe(0);
  const { hello, tool, bargeIn } = report.silences;
  expect(hello).toMatchObject({ of: 3, gap: { count: 2, p50: { valueMs: 650 } } });
  expect(hello!.problems).toEqual([{ problem: 'the caller spoke first', count: 1 }]);
  expect(hello!.parts.map(({ name }) => name)).toContain('session start');
  expect(tool).toMatchObject({ of: 2, gap: { count: 2, p50: { valueMs: 3_000 } } });
  expect(tool!.parts[0]).toMatchObject({ name: 'tools', owner: { kind: 'app' } });
  expect(tool!.parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  expect(bargeIn).toBeUndefined();
  for (const text of [renderReport(report), reportMarkdown(report), reportHtml(report)]) {
    expect(text).toContain('time to hello');
    expect(text).toContain('silence at a tool');
    expect(text).toContain('the caller spoke first');
    expect(text).toContain(hello!.parts[0]!.name);
  }
  const turns = [];
  for await (const turn of readTurns(path, { onBadLine: ({ message }) => expect(message).toBe('') }))
    turns.push(turn);
  expect(turns).toHaveLength(2);
});

it('measures stops and the gap after them', async () => {
  const interruptions = [
    { callerFromMs: 5_000, stoppedMs: 5_200 },
    { callerFromMs: 6_000, stoppedMs: 6_900, isFalse: true },
  ];
  const { report } = await reportOf([turnRecord({ interruptions, bargeIn: true })]);
  expect(report.silences.bargeIn).toMatchObject({ of: 1, gap: { p50: { valueMs: 200 } } });
  expect(report.silences.afterBargeIn).toMatchObject({ of: 1, gap: { p50: { valueMs: 800 } } });
});

it('reports calls that had no turn', async () => {
  const { report } = await reportOf([call(1, 500)]);
  expect(report).toMatchObject({ turns: 0, silences: { hello: { of: 1 } } });
  expect(renderReport(report)).toContain('0 turns · 1 call');
  expect(reportHtml(report)).toContain('<h1>The time to hello of 1 call</h1>');
});

it('counts a damaged record of a call as unreadable, and names it', async () => {
  const damaged = { ...call(1, 500), callId: '' };
  const { report } = await reportOf([damaged, turnRecord()]);
  expect(report.read.badLines).toBe(1);
  expect(report.read.someBadLines[0]!.reason).toContain('callId');
});

it('reads budgets of silences, and checks them', async () => {
  const budget = parseBudget('hello.p95=1500 tool.p95=1200, bargeIn.p95 = 250ms,p95=900,failed=1%');
  expect(budget.percentiles.map(({ silence, percentile, maxMs }) => [silence, percentile, maxMs])).toEqual([
    ['hello', 'p95', 1500],
    ['tool', 'p95', 1200],
    ['bargeIn', 'p95', 250],
    [undefined, 'p95', 900],
  ]);
  expect(budget.maxFailedShare).toBe(0.01);
  const { report } = await reportOf([call(1, 500), toolTurn(1, 3_000)]);
  const result = checkBudget(report, budget);
  expect(result.percentiles.map(({ kept }) => kept)).toEqual([true, false, false, false]);
  expect(budgetLines(result).join('\n')).toContain('no barge-in stop is reported');
});

it.each([
  ['helo.p95=1500', /hello/],
  ['hello.p59=1500', /p50|p95/],
  ['faild=1', /failed/],
  ['hello.failed=1', /p50/],
  ['p95=fast', /not a budget/],
  ['', /not a budget/],
  ['failed=200', /not a budget/],
])('refuses the budget "%s"', (text, message) => {
  expect(() => parseBudget(text)).toThrow(message);
});
