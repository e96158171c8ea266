import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { MAX_LINE_BYTES } from '@firstword/records/import';
import { fleet, linesOf } from '@firstword/records/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { examine } from './examine.js';

let dir: string;
const file = (name: string, content: string | Buffer) => {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
};

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'firstword-doctor-test-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

it('reads a folder of records, compressed or not, and the logs in it', async () => {
  file('a.jsonl', linesOf(fleet(20).slice(0, 10)));
  file('b.jsonl.gz', gzipSync(linesOf(fleet(20).slice(10))));
  file('c.log', '[10:00:00.000] INFO (1): hello\n');
  file('d.bin', Buffer.from([0, 1, 2]));
  const done: number[] = [];
  const found = await examine([dir], { onProgress: (share) => done.push(share) });
  expect(found.turns).toHaveLength(20);
  expect(found.input).toMatchObject({ files: 3, badLines: 0 });
  expect(done.at(-1)).toBe(1);
});

it('reads a damaged gzip file up to the damage, and reports it', async () => {
  const packed = gzipSync(linesOf(fleet(2000)));
  const found = await examine([file('cut.jsonl.gz', packed.subarray(0, packed.length - 500))]);
  expect(found.turns.length).toBeGreaterThan(100);
  expect(found.input.skippedFiles[0]!.reason).toContain('damaged gzip');
});

it('reads the complete lines of a small truncated gzip file', async () => {
  const packed = gzipSync(linesOf(fleet(40)));
  const { turns, input } = await examine([file('small.jsonl.gz', packed.subarray(0, packed.length - 400))]);
  expect(turns.length).toBeGreaterThan(5);
  expect(input.skippedFiles[0]!.reason).toContain('damaged gzip');
});

it('reads standard input', async () => {
  const stdin = Readable.from([Buffer.from(linesOf(fleet(5)))]);
  expect((await examine(['-'], { stdin })).turns).toHaveLength(5);
});

it('continues after a line that is too long for memory', async () => {
  const path = file(
    'long.jsonl',
    Buffer.concat([
      Buffer.from(linesOf(fleet(1))),
      Buffer.alloc(MAX_LINE_BYTES + 9, 'x'),
      Buffer.from(`\n${linesOf(fleet(3).slice(1))}`),
    ]),
  );
  const { turns, input } = await examine([path]);
  expect(turns).toHaveLength(3);
  expect(input.someBadLines).toEqual([
    { file: path, line: 2, reason: 'the line is longer than 16 MB, more than a record can be' },
  ]);
});

it('reports the line of a truncated record', async () => {
  const path = file('half.jsonl', linesOf(fleet(3)).slice(0, -200));
  const { turns, input } = await examine([path]);
  expect(turns).toHaveLength(2);
  expect(input.someBadLines[0]).toMatchObject({ file: path, line: 3 });
});

it('rejects input that cannot be read at all', async () => {
  await expect(examine([join(dir, 'none')])).rejects.toMatchObject({ code: 'bad_input' });
  await expect(examine([file('page.json', '<!doctype html><html></html>')])).rejects.toThrow('HTML');
  await expect(examine([file('noise.jsonl', Buffer.alloc(4096, 1))])).rejects.toThrow('is not text');
  const wide = Buffer.from(`\uFEFF${linesOf(fleet(1))}`, 'utf16le');
  await expect(examine([file('wide.jsonl', wide)])).rejects.toThrow('UTF-16');
});

it('stops on abort', async () => {
  const signal = AbortSignal.abort();
  await expect(examine([file('a.jsonl', linesOf(fleet(10)))], { signal })).rejects.toThrow();
});

it('stops between lines that are already in memory', async () => {
  const stop = new AbortController();
  const path = file('brackets.json', '[\n'.repeat(200_000));
  const reading = examine([path], { signal: stop.signal, onProgress: (done) => done === 1 && stop.abort() });
  await expect(reading).rejects.toThrow('aborted');
});

it('reads many lines of brackets in linear time, one by one', async () => {
  const { input } = await examine([file('brackets.json', '[\n'.repeat(200_000))]);
  expect(input).toMatchObject({ lines: 200_000, badLines: 200_000 });
});
