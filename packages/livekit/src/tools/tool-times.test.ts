import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { ToolTimes } from './tool-times.js';

it('knows how long a tool usually takes', () => {
  const times = new ToolTimes();
  expect(times.usual('look_up')).toBeUndefined();
  for (const ms of [300, 100, 200]) times.add('look_up', ms);
  times.add('look_up', Number.NaN);
  times.add('look_up', -1);
  expect(times.usual('look_up')).toEqual({ runs: 3, fastestMs: 100, medianMs: 200 });
});

it('forgets old runs', () => {
  const times = new ToolTimes();
  for (let run = 0; run < 50; run++) times.add('look_up', run < 20 ? 10 : 1_000);
  expect(times.usual('look_up')).toMatchObject({ runs: 20, fastestMs: 1_000 });
});

it('keeps the runs for later calls, and passes over damaged lines', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'firstword-tools-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  const path = join(dir, 'new', 'tool-times.jsonl');
  const first = new ToolTimes(path);
  await first.load();
  first.add('look_up', 400);
  first.add('look_up', 600);
  await first.flushed();
  await appendFile(path, '{"tool":"look_up","ms":"x"}\nnull\n{"tool":\n');
  const second = new ToolTimes(path);
  await second.load();
  expect(second.usual('look_up')).toEqual({ runs: 2, fastestMs: 400, medianMs: 500 });
});

it('works without a file that can be written', async () => {
  // Below a file there are no folders.
  const times = new ToolTimes(join(fileURLToPath(import.meta.url), 'tool-times.jsonl'));
  times.add('look_up', 400);
  await times.flushed();
  expect(times.usual('look_up')?.runs).toBe(1);
});
