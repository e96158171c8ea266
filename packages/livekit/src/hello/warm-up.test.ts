import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';

const JOB_PROCESS = fileURLToPath(new URL('../../dist/internals/job-process.js', import.meta.url));

/** Runs the compiled module in a process whose file has this name. */
async function started(name: string, lines: string): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'firstword-job-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  await copyFile(JOB_PROCESS, join(dir, 'job-process.mjs'));
  const path = join(dir, name);
  await writeFile(
    path,
    `import { jobProcessTimes, noteJobProcess } from './job-process.mjs';\nnoteJobProcess();\n${lines}`,
  );
  return path;
}

it('notes when LiveKit’s process of a job was started, and given its job', async () => {
  const path = await started(
    'job_proc_lazy_main.mjs',
    "process.on('message', ({ case: kind }) => { if (kind === 'startJobRequest') process.send(jobProcessTimes(), () => process.exit()); });",
  );
  const child = fork(path, []);
  child.send({ case: 'initializeRequest' });
  child.send({ case: 'startJobRequest' });
  const [times] = (await once(child, 'message')) as [Record<string, number>];
  const { processStartedWallMs, prewarmStartedWallMs, jobStartedWallMs } = times;
  expect(prewarmStartedWallMs).toBeGreaterThanOrEqual(processStartedWallMs!);
  expect(jobStartedWallMs).toBeGreaterThanOrEqual(prewarmStartedWallMs!);
});

it('notes nothing in another process, and does not keep it alive', async () => {
  const path = await started('main.mjs', 'console.log(String(jobProcessTimes()));');
  expect(execFileSync(process.execPath, [path], { encoding: 'utf8' }).trim()).toBe('undefined');
});
