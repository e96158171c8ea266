import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type FirstwordError, parseTurnRecord, type TurnRecord } from '@firstword/turn';
import { openTurnStore } from '@firstword/turn/store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { turnRecord } from '../testing/turn.js';
import { type BadLine, readTurns } from './read.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'firstword-store-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

async function readAll(path: string): Promise<{ records: TurnRecord[]; bad: BadLine[] }> {
  const bad: BadLine[] = [];
  const records: TurnRecord[] = [];
  for await (const record of readTurns(path, { onBadLine: (one) => bad.push(one) })) records.push(record);
  return { records, bad };
}

describe('a turn store', () => {
  it('writes one line per record, in order, in a file named after the call', async () => {
    const store = openTurnStore({ dir: join(dir, 'new', 'folder'), callId: 'call-1' });
    const records = [1, 2, 3].map((turn) => turnRecord({ turn }));
    for (const record of records) store.append(record);
    await store.close();
    expect(store.path).toBe(join(dir, 'new', 'folder', 'call-1.jsonl'));
    const lines = readFileSync(store.path, 'utf8').trimEnd().split('\n');
    expect(lines.map(parseTurnRecord)).toEqual(records);
  });

  it('appends to the file of a call that continues', async () => {
    for (const turn of [1, 2]) {
      const store = openTurnStore({ dir, callId: 'call-1' });
      store.append(turnRecord({ turn }));
      await store.close();
    }
    const { records } = await readAll(dir);
    expect(records.map((record) => record.turn)).toEqual([1, 2]);
  });

  it('does not append a record to a line that a crash truncated', async () => {
    writeFileSync(join(dir, 'call-1.jsonl'), '{"schema":"firstword.tu');
    const store = openTurnStore({ dir, callId: 'call-1' });
    store.append(turnRecord());
    await store.close();
    const { records, bad } = await readAll(store.path);
    expect(records).toEqual([turnRecord()]);
    expect(bad.map((one) => one.line)).toEqual([1]);
  });

  it('writes the record as it was when it was appended', async () => {
    const store = openTurnStore({ dir, callId: 'call-1' });
    const record = turnRecord();
    store.append(record);
    record.turn = 99;
    await store.flushed();
    expect((await readAll(store.path)).records[0]!.turn).toBe(1);
    await store.close();
  });

  it('makes the file readable by its user only', async () => {
    const store = openTurnStore({ dir, callId: 'call-1' });
    await store.close();
    expect(statSync(store.path).mode & 0o077).toBe(0);
  });

  it('keeps every flushed record when the process is killed', async () => {
    const script = fileURLToPath(new URL('../testing/append-forever.mjs', import.meta.url));
    const child = spawn(process.execPath, [script, dir, JSON.stringify(turnRecord())]);
    let flushed = 0;
    for await (const line of createInterface(child.stdout)) {
      flushed = Number(line);
      if (flushed === 20) child.kill('SIGKILL');
    }
    if (child.signalCode === null) await once(child, 'exit');
    expect(child.signalCode).toBe('SIGKILL');
    const { records } = await readAll(dir);
    expect(flushed).toBeGreaterThanOrEqual(20);
    expect(records.length).toBeGreaterThanOrEqual(flushed);
    expect(records.map((record) => record.turn)).toEqual(records.map((_, at) => at + 1));

    // The call's next process continues the same file, whatever its last line was.
    const store = openTurnStore({ dir, callId: 'killed' });
    store.append(turnRecord({ turn: 9999 }));
    await store.close();
    const { records: after, bad } = await readAll(dir);
    expect(after.map((record) => record.turn)).toEqual([...records.map((record) => record.turn), 9999]);
    expect(bad.length).toBeLessThanOrEqual(1);
  });
});

describe('a record that cannot be written', () => {
  it('is rejected at once if the folder is not a folder, with what to do', () => {
    writeFileSync(join(dir, 'file'), '');
    const open = () => openTurnStore({ dir: join(dir, 'file', 'records'), callId: 'call-1' });
    expect(open).toThrow(
      expect.objectContaining({
        code: 'unwritable',
        message: expect.stringMatching(/ENOTDIR.*choose a folder/),
      }),
    );
  });

  it('is rejected if its call id would leave the folder', () => {
    for (const callId of ['../up', 'a/b', '', '.hidden', 'a\0b']) {
      expect(() => openTurnStore({ dir, callId })).toThrow(expect.objectContaining({ code: 'bad_input' }));
    }
  });

  it.runIf(process.platform === 'linux')(
    'is reported once when the disk is full, and the call continues',
    async () => {
      symlinkSync('/dev/full', join(dir, 'call-1.jsonl'));
      const errors: FirstwordError[] = [];
      const store = openTurnStore({ dir, callId: 'call-1', onError: (error) => errors.push(error) });
      for (const turn of [1, 2, 3]) store.append(turnRecord({ turn }));
      await store.close();
      expect(store.lost).toBe(3);
      expect(errors.map((error) => error.code)).toEqual(['unwritable']);
      expect(errors[0]!.message).toMatch(/ENOSPC.*free some space/);
    },
  );

  it('is reported when the store was closed, and closing twice is allowed', async () => {
    const errors: FirstwordError[] = [];
    const store = openTurnStore({ dir, callId: 'call-1', onError: (error) => errors.push(error) });
    await store.close();
    await store.close();
    store.append(turnRecord());
    expect([store.lost, errors.length]).toEqual([1, 1]);
  });
});

describe('reading turns', () => {
  const line = (turn: number, callId = 'a') => `${JSON.stringify(turnRecord({ turn, callId }))}\n`;

  it('reads a folder’s record files by name, and ignores others', async () => {
    writeFileSync(join(dir, 'b.jsonl'), line(1, 'b'));
    writeFileSync(join(dir, 'a.jsonl'), line(1) + line(2));
    writeFileSync(join(dir, 'notes.txt'), 'not records');
    const { records, bad } = await readAll(dir);
    expect(records.map(({ callId, turn }) => `${callId}${turn}`)).toEqual(['a1', 'a2', 'b1']);
    expect(bad).toEqual([]);
  });

  it('reports bad lines by file and line, and continues', async () => {
    const file = join(dir, 'a.jsonl');
    writeFileSync(
      file,
      `${line(1)}nonsense\n\n{"schema":"firstword.turn/9"}\n${line(2)}${line(3).slice(0, 40)}`,
    );
    const { records, bad } = await readAll(file);
    expect(records.map((record) => record.turn)).toEqual([1, 2]);
    expect(bad.map((one) => one.line)).toEqual([2, 4, 6]);
    expect(bad[0]!.message).toMatch(`${file}:2: not a line of JSON`);
    expect(bad[1]!.message).toContain('firstword.turn/9');
  });

  it('names the folder when it contains nothing', async () => {
    await expect(readAll(join(dir, 'none'))).rejects.toMatchObject({
      code: 'bad_input',
      message: expect.stringContaining(join(dir, 'none')),
    });
    await expect(readAll(dir)).rejects.toMatchObject({ code: 'bad_input' });
  });

  it('stops on abort', async () => {
    writeFileSync(join(dir, 'a.jsonl'), line(1) + line(2));
    const stop = new AbortController();
    const turns = readTurns(dir, { onBadLine: () => {}, signal: stop.signal });
    await turns.next();
    stop.abort();
    await expect(turns.next()).rejects.toMatchObject({ name: 'AbortError' });
  });
});
