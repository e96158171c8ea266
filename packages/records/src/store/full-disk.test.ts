import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isFirstwordError, parseTurnRecord } from '@firstword/turn';
import { openTurnStore } from '@firstword/turn/store';
import { afterEach, expect, it } from 'vitest';
import { turnRecord } from '../testing/turn.js';

let dir: string | undefined;

/** A disk of 64 KB, if this machine allows mounting one. */
function smallDisk(): string | undefined {
  const path = mkdtempSync(join(tmpdir(), 'firstword-full-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', path], { stdio: 'ignore' });
    return path;
  } catch {
    rmSync(path, { recursive: true });
    return undefined;
  }
}

if (process.platform === 'linux' && process.getuid?.() === 0) dir = smallDisk();
afterEach(() => {
  if (!dir) return;
  execFileSync('umount', [dir]);
  rmSync(dir, { recursive: true });
});

function records(path: string) {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.flatMap((line) => {
    try {
      return [parseTurnRecord(line).turn];
    } catch (error) {
      if (isFirstwordError(error, 'record_invalid')) return [];
      throw error;
    }
  });
}

it.skipIf(!dir)(
  'a disk that fills up during a call is reported once; records that fit before and after are kept (root only)',
  async () => {
    const filler = join(dir!, 'filler');
    const { bsize, bavail } = statfsSync(dir!);
    // One block is left: room for a few records and a part of one.
    writeFileSync(filler, Buffer.alloc((bavail - 2) * bsize));
    const errors: string[] = [];
    const store = openTurnStore({
      dir: dir!,
      callId: 'call',
      onError: ({ message }) => errors.push(message),
    });
    for (let turn = 1; turn <= 20; turn++) store.append(turnRecord({ turn }));
    await store.flushed();
    const { lost } = store;
    expect(lost).toBeGreaterThan(0);
    expect(lost).toBeLessThan(20);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(/free some space/);

    rmSync(filler);
    store.append(turnRecord({ turn: 21 }));
    await store.close();
    expect(store.lost).toBe(lost);
    const kept = Array.from({ length: 20 - lost }, (_, at) => at + 1);
    expect(records(store.path)).toEqual([...kept, 21]);
  },
);
