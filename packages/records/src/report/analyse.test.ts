import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { TurnRecord } from '@firstword/turn';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fleet, linesOf, marksOfGap } from '../testing/fleet.js';
import { turnRecord } from '../testing/turn.js';
import { type AnalyseOptions, analyse } from './analyse.js';
import { distribution } from './distribution.js';
import type { TurnReport } from './turn-report.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'firstword-analyse-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

async function reportOn(path: string | string[], options: AnalyseOptions = {}): Promise<TurnReport> {
  return (await analyse([path].flat(), options)).report;
}

const put = (name: string, content: string | Buffer): string => {
  const path = join(dir, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return path;
};

describe('a report', () => {
  it('has the same percentiles as the TypeScript code', async () => {
    const records = fleet(200);
    const { gap, turns, calls, measure } = await reportOn(put('a.jsonl', linesOf(records)));
    const expected = distribution(records.map((record) => record.feltGapMs!))!;
    expect([turns, calls, measure]).toEqual([200, 20, 'feltGap']);
    for (const name of ['p50', 'p95', 'p99'] as const) {
      expect(gap![name].valueMs).toBeCloseTo(expected[name].valueMs, 3);
      expect(gap![name].lowMs!).toBeLessThanOrEqual(gap![name].valueMs);
      expect(gap![name].highMs!).toBeGreaterThanOrEqual(gap![name].valueMs);
    }
  });

  it('computes the gap from the marks, not from the stored copy', async () => {
    const lie = { ...turnRecord({ marks: marksOfGap(700) }), feltGapMs: 5 };
    expect((await reportOn(put('a.jsonl', linesOf([lie])))).gap!.p50).toEqual({ valueMs: 700 });
  });

  it('groups the turns by model, levers, region, day and kind, and loses none', async () => {
    const records = fleet(100);
    const { groups } = await reportOn(put('a.jsonl', linesOf(records)));
    for (const name of ['provider', 'model', 'levers', 'region', 'day'] as const) {
      expect(
        groups[name].reduce((sum, group) => sum + group.turns, 0),
        name,
      ).toBe(100);
    }
    expect(groups.levers.map((group) => group.value).sort()).toEqual([
      'clause + speculation',
      'none',
      undefined,
    ]);
    expect(groups.region.map((group) => group.value)).toEqual(['eu', undefined]);
    expect(groups.day.map((group) => group.value)).toEqual([
      '2026-11-01',
      '2026-11-02',
      '2026-11-03',
      '2026-11-04',
    ]);
    const isKind: Record<string, (record: TurnRecord) => boolean> = {
      'first turn': ({ turn }) => turn === 1,
      tool: ({ toolCalls }) => toolCalls > 0,
      'barge-in': ({ bargeIn }) => bargeIn,
      plain: ({ turn, toolCalls, bargeIn }) => turn > 1 && toolCalls === 0 && !bargeIn,
    };
    for (const [kind, is] of Object.entries(isKind)) {
      const expected = distribution(records.filter(is).map((record) => record.feltGapMs!))!;
      const found = groups.kind.find((group) => group.value === kind)!.gap!;
      expect([found.count, found.p50.valueMs], kind).toEqual([expected.count, expected.p50.valueMs]);
    }
  });

  it('lists the worst turns with their ledgers, which sum to their gaps', async () => {
    const { worst } = await reportOn(put('a.jsonl', linesOf(fleet(30))), { worst: 3 });
    expect(worst.map(({ gapMs }) => gapMs)).toEqual([829, 828, 827]);
    for (const { segments, gapMs } of worst) {
      expect(segments.reduce((sum, { durationMs }) => sum + durationMs, 0)).toBeCloseTo(gapMs, 6);
    }
    expect(worst[0]!.segments[0]).toMatchObject({ name: 'end-of-turn wait', durationMs: 500 });
  });

  it('attributes all silence, counting each turn once', async () => {
    const records = fleet(20);
    const { owners, segments, read } = await reportOn([
      put('a.jsonl', linesOf(records)),
      put('again.jsonl', linesOf(records.slice(0, 5))),
    ]);
    const totalMs = records.reduce((sum, record) => sum + record.feltGapMs!, 0);
    expect(read.duplicates).toBe(5);
    for (const shares of [owners, segments]) {
      expect(shares.reduce((sum, share) => sum + share.totalMs, 0)).toBeCloseTo(totalMs, 3);
      expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
    }
  });

  it('reports length and gain of each segment, and no gain of records that have none', async () => {
    const records = fleet(20);
    const now = await reportOn(put('a.jsonl', linesOf(records)));
    const wait = { name: 'end-of-turn wait', p50Ms: 500, p95Ms: 500 };
    expect(now.segments).toContainEqual(
      expect.objectContaining({ ...wait, gain: { turns: 20, p50Ms: 320, p95Ms: 320 } }),
    );
    const before = records.map(({ segments, ...record }) => ({
      ...record,
      segments: segments.map(({ gainMs: _, ...segment }) => segment),
    }));
    const old = await reportOn(put('old.jsonl', linesOf(before)));
    expect(old.segments).toContainEqual(expect.objectContaining({ ...wait, gain: undefined }));
  });

  it('lists turns without a gap separately, with their reasons', async () => {
    const records = [...fleet(4), turnRecord({ turn: 9, callId: 'x', marks: { speechEnded: 5 } })];
    const { turns, gap, problems } = await reportOn(put('a.jsonl', linesOf(records)));
    expect([turns, gap!.count]).toEqual([5, 4]);
    expect(problems).toEqual([{ problem: 'no audible answer was seen', turns: 1 }]);
  });

  it('contains no transcripts', async () => {
    const spoken = turnRecord({ transcript: { caller: 'my card is 4111', agent: 'thank you, 4111' } });
    expect(JSON.stringify(await reportOn(put('a.jsonl', linesOf([spoken]))))).not.toContain('4111');
  });
});

describe('the input', () => {
  it('can be a folder with its subfolders, gzip files of any name, and names that look like patterns', async () => {
    const [a, b, c] = [fleet(30).slice(0, 10), fleet(30).slice(10, 20), fleet(30).slice(20)];
    put('calls/a[1]*.jsonl', linesOf(a));
    put('calls/deep/er/b.jsonl.gz', gzipSync(linesOf(b)));
    put('calls/packed-without-saying.jsonl', gzipSync(linesOf(c)));
    put('calls/notes.txt', 'not a record');
    const { turns, read, worst } = await reportOn(join(dir, 'calls'));
    expect([turns, read.files, read.badLines]).toEqual([30, 4, 0]);
    expect(worst[0]!.file).toBe(join(dir, 'calls', 'packed-without-saying.jsonl'));
  });

  it('can be standard input', async () => {
    const stdin = Readable.from([gzipSync(linesOf(fleet(12)))]);
    expect((await reportOn('-', { stdin })).turns).toBe(12);
  });

  it('counts every line: turns, duplicates, bad lines', async () => {
    const good = fleet(6);
    const bad = [
      'nonsense',
      '{"schema":"firstword.turn/9","callId":"x","turn":1}',
      '[1,2]',
      'null',
      '{"schema":"firstword.turn/1","callId":"x","turn":"one"}',
      `${JSON.stringify(good[0])}${JSON.stringify(good[1])}`,
      JSON.stringify(good[0]).slice(0, 200),
    ];
    const lines = [
      JSON.stringify(good[0]),
      '',
      ...bad.slice(0, -1),
      ...good.map((r) => JSON.stringify(r)),
      bad.at(-1),
    ];
    const file = put('a.jsonl', lines.join('\n'));
    const { turns, read } = await reportOn(file);
    expect([turns, read.duplicates, read.badLines]).toEqual([6, 1, bad.length]);
    expect(read.someBadLines.map(({ line }) => line)).toEqual([3, 4, 5, 6, 7]);
    expect(read.someBadLines[1]!.reason).toContain('update Firstword');
  });

  it('reports lines that fail only the schema validation', async () => {
    const odd = JSON.stringify({ ...turnRecord(), turn: 0 });
    const { read } = await reportOn(put('a.jsonl', `${linesOf(fleet(3))}${odd}\n`));
    expect(read.someBadLines).toEqual([
      expect.objectContaining({ line: 4, reason: expect.stringMatching(/^turn: /) }),
    ]);
  });

  it('skips files that are not text, and lists them', async () => {
    put('calls/a.jsonl', linesOf(fleet(3)));
    put('calls/b.json', Buffer.alloc(2000));
    put('calls/c.json', '<!doctype html>');
    put('calls/d.jsonl.gz', gzipSync('x'.repeat(5000)).subarray(0, 12));
    const { read } = await reportOn(join(dir, 'calls'));
    expect(read.skippedFiles.map(({ reason }) => reason)).toEqual([
      'is not text',
      'is HTML or XML, not JSON',
      'is a damaged gzip file',
    ]);
  });

  it.each([
    ['cut short', (packed: Buffer) => packed.subarray(0, packed.length >> 1)],
    ['broken in the middle', (packed: Buffer) => Buffer.from(packed).fill(0xff, packed.length >> 1)],
  ])(
    'is read as far as possible from a gzip file that is %s, and is reported as incomplete',
    async (_, damage) => {
      put('calls/half.jsonl.gz', damage(gzipSync(linesOf(fleet(2000)))));
      put(
        'calls/whole.jsonl.gz',
        gzipSync(linesOf(fleet(3, 5000).map((one) => ({ ...one, callId: 'whole' })))),
      );
      const { turns, read, worst } = await reportOn(join(dir, 'calls'));
      expect(turns).toBeGreaterThan(500);
      expect(turns).toBeLessThan(1700);
      expect(worst[0]!.gapMs).toBe(5002);
      const reported = [
        ...read.skippedFiles.map(({ name, reason }) => name + reason),
        ...read.someBadLines.map(({ file, reason }) => file + reason),
      ];
      expect(reported.join()).toMatch(/half\.jsonl\.gz.*gzip file/);
    },
  );

  it.each([
    ['nothing there', 'none.jsonl', undefined],
    ['no record in it', 'a.jsonl', 'half a line'],
    ['an empty file', 'b.jsonl', ''],
  ])('is rejected with a reason: %s', async (_, name, content) => {
    const path = content === undefined ? join(dir, name) : put(name, content);
    await expect(reportOn(path)).rejects.toMatchObject({ code: 'bad_input' });
  });

  it('does not quote a bad line', async () => {
    const half = JSON.stringify(turnRecord({ transcript: { caller: 'my card is 4111' } })).slice(0, -2);
    await expect(reportOn(put('a.jsonl', half))).rejects.not.toThrow(/4111/);
    const { read } = await reportOn(put('b.jsonl', `${linesOf(fleet(1))}${half}`));
    expect(read.badLines).toBe(1);
    expect(JSON.stringify(read)).not.toContain('4111');
  });
});

it('stops on abort, and leaves no temporary folder', async () => {
  const before = readdirSync(tmpdir()).filter((name) => name.startsWith('firstword-report-'));
  const stop = new AbortController();
  const onProgress = () => stop.abort();
  const path = put('a.jsonl', linesOf(fleet(50)));
  await expect(reportOn(path, { signal: stop.signal, onProgress })).rejects.toMatchObject({
    name: 'AbortError',
  });
  const after = readdirSync(tmpdir()).filter((name) => name.startsWith('firstword-report-'));
  expect(after.filter((name) => !before.includes(name) && existsSync(join(tmpdir(), name)))).toEqual([]);
});
