import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openStore } from './open-store.js';

function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'firstword-store-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}
const seen = { ms: 5, censored: false, informative: true, lostRace: false, context: {} };

test('without a file or a server, the routers of the process share', async () => {
  const store = await openStore();
  store.memory.append('a/x', seen);
  expect(store.memory.load('a/x')).toEqual([seen]);
  expect(store.stats).toBeUndefined();
});

test('a file outlives the process', async () => {
  const file = join(tempDir(), 'times.jsonl');
  const store = await openStore({ file });
  store.memory.append('a/x', seen);
  expect(store.label).toBe(file);
  await vi.waitFor(async () => expect((await openStore({ file })).memory.load('a/x')).toEqual([seen]));
});

test('a server that is not there is no error', async () => {
  const lines: string[] = [];
  // Nothing listens on port 1.
  const env = { STORE: 'redis://:s3cret@127.0.0.1:1/2' };
  const store = await openStore(
    { valkey: { urlVariable: 'STORE' } },
    { env, onStatus: (line) => lines.push(line) },
  );
  onTestFinished(() => store.close());
  expect(store.label).toBe('127.0.0.1:1');
  await vi.waitFor(() => expect(lines).toHaveLength(1));
  expect(store.stats!().isConnected).toBe(false);
  expect(lines[0]).not.toContain('s3cret');
});

test('says what is wrong with its settings', async () => {
  const env = {};
  const refused = (what: Parameters<typeof openStore>[0], message: string) =>
    expect(openStore(what, { env })).rejects.toMatchObject({
      code: 'bad_input',
      message: expect.stringContaining(message),
    });
  await refused({ valkey: {} }, 'set VALKEY_URL');
  await refused({ valkey: { urlVariable: 'STORE' } }, 'set STORE');
  await refused({ file: 'x', valkey: {} }, 'name one of them');
  const ca = join(tempDir(), 'none.pem');
  await expect(
    openStore({ valkey: { caFile: ca } }, { env: { VALKEY_URL: 'redis://127.0.0.1:1' } }),
  ).rejects.toThrow('check store.valkey.caFile');
  const file = join(tempDir(), 'file');
  writeFileSync(file, '');
  await expect(openStore({ file: join(file, 'x') })).rejects.toMatchObject({ code: 'unwritable' });
});
