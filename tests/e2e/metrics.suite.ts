import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseTurnRecord, type TurnRecord, toCallRecord, toTurnRecord } from '@firstword/turn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cli, finished, firstword } from './support/cli.js';
import { DEPLOY, HAS_PROMETHEUS, NO_PROMETHEUS, Prometheus, promtool } from './support/prometheus.js';

const TURNS = 3;
const RANGE = '5m';

if (!HAS_PROMETHEUS) console.warn(NO_PROMETHEUS);

interface Panel {
  title: string;
  targets?: { expr: string }[];
}

const dashboard = JSON.parse(await readFile(join(DEPLOY, 'grafana/dashboards/turns.json'), 'utf8')) as {
  panels: Panel[];
};
const queries = dashboard.panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr }): [string, string] => [title, expr]),
);

/** The query that Grafana sends with everything selected. */
const resolved = (expr: string): string =>
  expr.replaceAll(/\$__rate_interval|\$__range/g, RANGE).replaceAll(/\$provider|\$model/g, '.*');

/** Metrics without series in a call with one provider, no levers and no failed turn: their queries only have to be valid. */
const MAY_BE_EMPTY = /firstword_(llm_attempts|llm_prefix_breaks|turn_failures)_total/;

/** Silences that the sample call has not: a turn with a tool, in which the caller also breaks in, and a greeting. */
function madeCall(callId: string): { turn: TurnRecord; lines: string } {
  const at = new Date().toISOString();
  const call = toCallRecord({
    callId,
    at,
    marks: {
      callerArrived: 0,
      sessionStarted: 20,
      greetingRequested: 90,
      framePublished: 300,
      firstAudible: 340,
    },
    greeting: 'cached',
    transport: 'room',
  });
  const turn = toTurnRecord({
    callId,
    turn: 1,
    at,
    marks: { speechEnded: 5000, turnCommitted: 5500, firstContent: 5800, firstAudible: 6100 },
    interrupted: false,
    bargeIn: true,
    toolCalls: 1,
    tools: [{ name: 'look_up', startedMs: 6200, endedMs: 8200 }],
    afterTools: [{ requestedMs: 8210, firstContentMs: 8500 }],
    speech: [
      { fromMs: 6100, toMs: 6900 },
      { fromMs: 8800, toMs: 9900 },
    ],
    interruptions: [
      { callerFromMs: 3000, stoppedMs: 3200 },
      { callerFromMs: 1000, stoppedMs: 1400, isFalse: true },
    ],
    llm: { provider: 'made', model: 'up', emulated: true, requests: 1 },
  });
  return { turn, lines: `${JSON.stringify(call)}\n${JSON.stringify(turn)}\n` };
}

const NAMES = /firstword_\w+/g;
const rulesFile = await readFile(join(DEPLOY, 'prometheus/rules.yml'), 'utf8');

describe.skipIf(!HAS_PROMETHEUS)('promtool on the files of deploy/', () => {
  it.each([
    ['check', 'rules', 'rules.yml'],
    ['check', 'config', 'prometheus.yml'],
    ['test', 'rules', 'rules.test.yml'],
  ])('%s %s %s', async (...args) => {
    expect(await promtool('prometheus', ...args)).toContain('SUCCESS');
  });
});

describe.skipIf(!HAS_PROMETHEUS)('a real call, scraped by a real Prometheus', () => {
  let dir: string;
  let metrics: Cli | undefined;
  let prometheus: Prometheus | undefined;
  let exposed: string;
  let records: TurnRecord[];

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'firstword-prometheus-'));
    const calls = join(dir, 'calls');
    metrics = firstword(['metrics', calls, '--port', '0']);
    const startLine = await metrics.stderr.until('address', (line) => line.includes('http://'));
    const url = new URL(/http:\S+metrics/.exec(startLine)![0]);
    prometheus = await Prometheus.start({ folder: 'prometheus', dir, target: url.host });
    await prometheus.until('firstword_calls_total == 0');
    await mkdir(calls);
    const made: TurnRecord[] = [];
    // Two, one after the other: a rate over a series that has one value only is 0.
    for (const callId of ['made-1', 'made-2']) {
      const { turn, lines } = madeCall(callId);
      await writeFile(join(calls, `${callId}.jsonl`), lines);
      made.push(turn);
      await prometheus.until(`sum(firstword_turns_total) == ${made.length}`);
    }
    const call = await finished(firstword(['demo', '--turns', String(TURNS), '--json', '--out', calls]));
    expect(call.code).toBe(0);
    records = [...made, ...call.stdout.split('\n').slice(0, -1).map(parseTurnRecord)];
    await prometheus.until(`sum(firstword_turns_total) == ${records.length}`);
    // A rate needs two scrapes of a series, and some series start with the last turn.
    await prometheus.untilTwice('firstword');
    exposed = await (await fetch(url)).text();
  });

  afterAll(async () => {
    await prometheus?.stop();
    await metrics?.kill();
    await rm(dir, { recursive: true, force: true });
  });

  it('has the same turns and gaps as the records', async () => {
    const gapsMs = records.flatMap(({ feltGapMs }) => feltGapMs ?? []);
    const [sum] = await prometheus!.query('sum(firstword_felt_gap_seconds_sum)');
    expect(Number(sum!.value[1]) * 1000).toBeCloseTo(
      gapsMs.reduce((all, ms) => all + ms, 0),
      3,
    );
    const segments = await prometheus!.query('sum(firstword_segment_seconds_sum)');
    expect(Number(segments[0]!.value[1])).toBeCloseTo(Number(sum!.value[1]), 6);
    const emulated = await prometheus!.query('sum(firstword_turns_total{emulated="true"})');
    expect(Number(emulated[0]!.value[1])).toBe(records.length);
  });

  it('has the other silences as the records have them', async () => {
    const sumOf = async (metric: string) => {
      const [sum] = await prometheus!.query(`sum(firstword_${metric}_seconds_sum)`);
      return Number(sum!.value[1]) * 1000;
    };
    const tools = records.flatMap(({ toolSilence }) => toolSilence?.longestMs ?? []);
    expect(tools.length).toBeGreaterThan(0);
    expect(await sumOf('tool_silence')).toBeCloseTo(
      tools.reduce((all, ms) => all + ms, 0),
      3,
    );
    expect(await sumOf('barge_in_stop')).toBeCloseTo(400, 3);
    expect(await sumOf('hello_segment')).toBeCloseTo(await sumOf('hello'), 3);
    const after = records.flatMap(({ bargeIn, feltGapMs }) => (bargeIn ? (feltGapMs ?? []) : []));
    expect(await sumOf('after_barge_in_gap')).toBeCloseTo(
      after.reduce((all, ms) => all + ms, 0),
      3,
    );
  });

  it.each(queries)('answers the dashboard’s “%s”: %s', async (_, expr) => {
    const found = await prometheus!.query(resolved(expr));
    if (MAY_BE_EMPTY.test(expr)) return;
    expect(found.filter(({ value }) => value[1] !== 'NaN')).not.toEqual([]);
  });

  it('exposes every metric that the dashboard and the rules use', () => {
    const used = new Set([...queries.map(([, expr]) => expr), rulesFile].join('\n').match(NAMES));
    const known = new Set([...exposed.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
    const unknown = [...used].filter(
      (name) => !known.has(name) && !known.has(name.replace(/_(bucket|sum|count)$/, '')),
    );
    expect(unknown).toEqual([]);
  });

  it('has loaded all alert rules without errors, and none fires for a normal call', async () => {
    const { groups } = await prometheus!.api<{
      groups: { rules: { name: string; health: string; state?: string }[] }[];
    }>('rules');
    const rules = groups.flatMap((group) => group.rules);
    expect(rules.length).toBe(rulesFile.match(/- (alert|record):/g)!.length);
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
    expect(rules.filter(({ state }) => state === 'firing')).toEqual([]);
  });

  it('has no word, call id or path in any label', async () => {
    const series = await prometheus!.api<Record<string, string>[]>('series', {
      'match[]': '{job="firstword"}',
    });
    const values = new Set(series.flatMap((labels) => Object.values(labels)));
    for (const { callId } of records) expect(values).not.toContain(callId);
    expect([...values].filter((value) => value.includes(dir))).toEqual([]);
  });
});
