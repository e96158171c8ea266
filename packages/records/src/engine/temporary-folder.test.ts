import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openTemporaryFolder } from '@firstword/records/import';
import { expect, it } from 'vitest';

it('is removed with its files', async () => {
  const before = process.listenerCount('exit');
  const folder = await openTemporaryFolder('firstword-test-');
  await writeFile(join(folder.path, 'file'), 'text');
  await folder.remove();
  expect(existsSync(folder.path)).toBe(false);
  expect(process.listenerCount('exit')).toBe(before);
});

it('is removed by a process that exits before', async () => {
  const program = `
    import { writeFileSync } from 'node:fs';
    import { openTemporaryFolder } from '@firstword/records/import';
    const { path } = await openTemporaryFolder('firstword-test-');
    writeFileSync(path + '/file', 'text');
    console.log(path);
    process.exit(130);
  `;
  const args = ['--input-type=module', '-e', program];
  const run = promisify(execFile)(process.execPath, args, { cwd: import.meta.dirname });
  const { code, stdout } = await run.then(
    () => ({ code: 0, stdout: '' }),
    (error: { code: number; stdout: string }) => error,
  );
  expect(code).toBe(130);
  expect(stdout).toMatch(/firstword-test-/);
  expect(existsSync(stdout.trim())).toBe(false);
});
