import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { removeOldCalls } from './retention.js';

const DAY_MS = 86_400_000;
const NOW_MS = Date.UTC(2026, 10, 23);

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'firstword-retention-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function put(name: string, ageDays: number): void {
  const path = join(dir, name);
  writeFileSync(path, '');
  const at = (NOW_MS - ageDays * DAY_MS) / 1000;
  utimesSync(path, at, at);
}

it('removes older records and tapes, and nothing else', async () => {
  for (const name of ['old.jsonl', 'old.wav', 'notes.txt', 'comparison.json']) put(name, 31);
  for (const name of ['new.jsonl', 'new.wav']) put(name, 29);
  mkdirSync(join(dir, 'folder.jsonl'));
  expect(await removeOldCalls({ dir, keepDays: 30, nowMs: NOW_MS })).toEqual({ removed: 2 });
  const left = ['comparison.json', 'folder.jsonl', 'new.jsonl', 'new.wav', 'notes.txt'];
  expect(readdirSync(dir).sort()).toEqual(left);
});

it('does nothing without a folder, and rejects a retention of 0', async () => {
  expect(await removeOldCalls({ dir: join(dir, 'none'), keepDays: 1 })).toEqual({ removed: 0 });
  await expect(removeOldCalls({ dir, keepDays: 0 })).rejects.toMatchObject({ code: 'bad_input' });
});
