import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { toCallRecord } from '@firstword/turn';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAX_LINE_BYTES } from '../../import/lines.js';
import { fleet, linesOf } from '../../testing/fleet.js';
import { type AnalyseOptions, analyse } from '../analyse.js';
import { threadsFor } from './block-readers.js';

const HISTORY = readFileSync(
  fileURLToPath(new URL('../../testing/livekit/python-history.jsonl', import.meta.url)),
  'utf8',
);

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'firstword-table-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const put = (name: string, content: string | Buffer): string => {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
};
const read = async (options: AnalyseOptions = {}) => (await analyse([dir], options)).report;

const hello = JSON.stringify(
  toCallRecord({
    callId: 'call-0',
    at: '2026-11-01T00:00:00.000Z',
    marks: { callerArrived: 0, sessionStarted: 100, firstAudible: 900 },
    greeting: 'said',
  }),
);

/** Files of every kind, some with the same turns, with lines that cannot be read. */
function putAll(): void {
  const records = fleet(600);
  put('a.jsonl', `${linesOf(records.slice(0, 400))}{"schema":"firstword.turn/1","callId":"x"}\n${hello}\n`);
  put('b.jsonl', linesOf(records.slice(300)).replaceAll('\n', '\r\n'));
  put('c.jsonl.gz', gzipSync(`${linesOf(records.slice(0, 10))}nonsense\n${HISTORY}`));
  put('d.json', HISTORY);
}

describe('threads', () => {
  it('read the same report as this thread, in every detail', async () => {
    putAll();
    const here = await read({ threads: 0, worst: 20 });
    expect(await read({ threads: 2, worst: 20 })).toEqual(here);
    expect(here.read).toMatchObject({ files: 4, badLines: 2, duplicates: 110 + 4 });
    expect(here.read.someBadLines.map(({ file, line }) => [file, line])).toEqual([
      [join(dir, 'a.jsonl'), 401],
      [join(dir, 'c.jsonl.gz'), 11],
    ]);
    expect(here.silences.hello).toMatchObject({ of: 1, gap: { p50: { valueMs: 900 } } });
  });

  it('are stopped by the signal', async () => {
    putAll();
    const stop = new AbortController();
    const reading = read({
      threads: 2,
      signal: stop.signal,
      onProgress: (_, done) => done !== undefined && stop.abort(),
    });
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('are started only where they pay off', () => {
    const gigabyte = 1e9;
    expect([threadsFor(1e6, 8), threadsFor(gigabyte, 1)]).toEqual([0, 0]);
    expect([threadsFor(gigabyte, 2), threadsFor(gigabyte, 64)]).toEqual([2, 4]);
  });
});

describe('a file of records', () => {
  it('is read with a byte order mark, spaces and blank lines', async () => {
    const [first, second, third] = fleet(3).map((record) => JSON.stringify(record));
    put('a.jsonl', `\uFEFF${first}\r\n\n   \n ${second}  \n${JSON.stringify(JSON.parse(third!), null, 1)}`);
    expect(await read()).toMatchObject({ turns: 3, read: { badLines: 0 } });
  });

  it('is read on after a line that is too long, which is named', async () => {
    const lines = linesOf(fleet(2)).split('\n');
    put('a.jsonl', `${lines[0]}\n${'x'.repeat(MAX_LINE_BYTES + 9)}\n${lines[1]}\nnonsense`);
    const { turns, read: found } = await read();
    expect([turns, found.badLines, found.someBadLines.map(({ line }) => line)]).toEqual([2, 2, [2, 4]]);
    expect(found.someBadLines[0]!.reason).toContain('longer than 16 MB');
  });

  it('with records of exports that were converted before is not counted as imported', async () => {
    const imported = { from: 'another tool', e2eMs: 1_200, llmTtftMs: 300 };
    const marks = { speechEnded: 1_000, framePublished: 2_200 };
    put('a.jsonl', linesOf(fleet(5).map((record) => ({ ...record, marks, imported }))));
    const { measure, gap, read: found } = await read();
    expect([measure, gap!.count, found.imported]).toEqual(['firstFrame', 5, []]);
  });
});
