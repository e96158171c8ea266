import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TurnRecord } from '@firstword/turn';
import { initializeLogger, log } from '@livekit/agents';
import { beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { openRecordFile } from './record-file.js';

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'firstword-records-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

const record = (turn: number) => ({ turn }) as TurnRecord;

it('appends a line for each record, in order, in a folder that it makes', async () => {
  const dir = join(await folder(), 'calls', 'today');
  const file = openRecordFile(dir, 'call-1');
  for (const turn of [1, 2, 3]) file?.append(record(turn));
  await file?.close();
  expect(await readFile(join(dir, 'call-1.jsonl'), 'utf8')).toBe('{"turn":1}\n{"turn":2}\n{"turn":3}\n');
});

it('keeps a call id from naming a file elsewhere', async () => {
  const dir = await folder();
  const file = openRecordFile(dir, '../../etc/passwd');
  expect(file?.path).toBe(join(dir, '__.._etc_passwd.jsonl'));
  await file?.close();
});

it('warns once where the folder cannot be written, and goes on', async () => {
  const dir = await folder();
  const taken = join(dir, 'taken');
  await writeFile(taken, '');
  const warn = vi.spyOn(log(), 'warn').mockImplementation(() => {});
  onTestFinished(() => void warn.mockRestore());
  const file = openRecordFile(taken, 'call-1');
  for (const turn of [1, 2]) file?.append(record(turn));
  await file?.flushed();
  expect(warn).toHaveBeenCalledTimes(1);
  expect(warn.mock.calls[0]?.[1]).toMatch(/cannot be written .* choose another folder/);
});
