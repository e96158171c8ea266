import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { toCallRecord } from '@firstword/turn';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { turnRecord } from '../testing/turn.js';
import { removeOldCalls } from './retention.js';

const DAY_MS = 86_400_000;
const NOW_MS = Date.UTC(2026, 10, 23);

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'firstword-retention-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const RECORD = `${JSON.stringify(turnRecord())}\n`;

const CALL = `${JSON.stringify(toCallRecord({ callId: 'room-9', at: '2026-10-01T00:00:00.000Z', marks: {} }))}\n`;

function put(name: string, content: string | Buffer = '', ageDays = 31): void {
  const path = join(dir, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  const at = (NOW_MS - ageDays * DAY_MS) / 1000;
  utimesSync(path, at, at);
}

const left = (): string[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dir, join(entry.parentPath, entry.name)))
    .sort();

it('removes older records and tapes, packed ones and those in subfolders too', async () => {
  const packed = gzipSync(RECORD.repeat(500));
  put('room-7.jsonl', RECORD);
  put('room-7.wav');
  put('packed.jsonl.gz', packed);
  put('packed.wav');
  put('call-20260901101112123-77-1.wav');
  put('mic-20260901101112-ab12.jsonl', '');
  put('AJ_vfGtdmkNeVmp.wav');
  put('demo-20260901101112.wav');
  put('monday/deep/room-8.jsonl', RECORD);
  put('monday/deep/room-8.wav');
  put('new.jsonl', RECORD, 29);
  put('new.wav', '', 29);
  expect(await removeOldCalls({ dir, keepDays: 30, nowMs: NOW_MS })).toEqual({ removed: 10 });
  expect(left()).toEqual(['new.jsonl', 'new.wav']);
});

it('removes the file of a call whose own record comes first, and of a call that has no other', async () => {
  put('room-9.jsonl', CALL + RECORD);
  put('room-9.wav');
  put('room-10.jsonl.gz', gzipSync(CALL));
  expect(await removeOldCalls({ dir, keepDays: 30, nowMs: NOW_MS })).toEqual({ removed: 3 });
});

it('leaves the user’s own files', async () => {
  const own = [
    ['notes.txt', RECORD],
    ['comparison.json', RECORD],
    ['interview.wav', ''],
    ['my-data.jsonl', '{"id":1}\n'],
    ['my-data.wav', ''],
    ['empty.jsonl', ''],
    ['later.jsonl', `{"id":1}\n${RECORD}`],
    ['broken.jsonl.gz', 'no gzip'],
    ['packed.jsonl.gz', gzipSync('{"id":1}\n')],
    ['call-me.wav', ''],
    ['songs/sample-1.wav', ''],
  ] as const;
  for (const [name, content] of own) put(name, content);
  put('folder.jsonl/inner.txt');
  symlinkSync(join(dir, 'interview.wav'), join(dir, 'AJ_1.wav'));
  expect(await removeOldCalls({ dir, keepDays: 30, nowMs: NOW_MS })).toEqual({ removed: 0 });
  expect(left()).toEqual([...own.map(([name]) => name), 'folder.jsonl/inner.txt'].sort());
});

it('does nothing without a folder, and rejects a retention of 0', async () => {
  expect(await removeOldCalls({ dir: join(dir, 'none'), keepDays: 1 })).toEqual({ removed: 0 });
  await expect(removeOldCalls({ dir, keepDays: 0 })).rejects.toMatchObject({ code: 'bad_input' });
});
