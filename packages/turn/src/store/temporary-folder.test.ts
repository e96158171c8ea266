import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openTemporaryFolder } from './temporary-folder.js';

const STORE = new URL('../../dist/store/index.js', import.meta.url).href;

/** A process that makes a folder and then waits. */
async function owner(parent: string) {
  const script = `
    const { openTemporaryFolder } = await import(${JSON.stringify(STORE)});
    const { path } = await openTemporaryFolder({ purpose: 'test', parent: process.argv[1] });
    process.once('SIGTERM', () => process.exit(143));
    console.log(path);
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, parent], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, dir: line.toString().trim() };
}

it('removes what killed processes have left, and nothing else', async () => {
  const parent = mkdtempSync(join(tmpdir(), 'firstword-parent-'));
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }));
  const [dead, alive] = [await owner(parent), await owner(parent)];
  for (const name of ['firstword-test-00000000-1-abcdef', 'firstword-out', 'mine-12345678-999999-abcdef'])
    mkdirSync(join(parent, name));
  dead.child.kill('SIGKILL');
  await once(dead.child, 'exit');
  expect(existsSync(dead.dir)).toBe(true);
  const { path: dir } = await openTemporaryFolder({ purpose: 'test', parent });
  expect(existsSync(dead.dir)).toBe(false);
  expect(existsSync(alive.dir)).toBe(true);
  expect(readdirSync(parent)).toHaveLength(5);
  if (process.platform !== 'win32') expect(statSync(dir).mode & 0o777).toBe(0o700);
});

it('does not need to read the folder of temporary files', async () => {
  await expect(openTemporaryFolder({ purpose: 'test', parent: '/nowhere' })).rejects.toMatchObject({
    code: 'ENOENT',
  });
});

it('is removed with its files', async () => {
  const before = process.listenerCount('exit');
  const folder = await openTemporaryFolder({ purpose: 'test' });
  await writeFile(join(folder.path, 'file'), 'text');
  await folder.remove();
  expect(existsSync(folder.path)).toBe(false);
  expect(process.listenerCount('exit')).toBe(before);
});

it('is removed by a process that exits before', async () => {
  const { child, dir } = await owner(tmpdir());
  expect(existsSync(dir)).toBe(true);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([143, null]);
  expect(existsSync(dir)).toBe(false);
});
