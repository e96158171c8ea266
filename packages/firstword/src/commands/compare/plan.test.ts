import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareReport } from '@firstword/calls';
import { ALL_LEVERS } from '@firstword/livekit';
import { Command } from 'commander';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { compare as entry } from './define.js';
import { checkPagePath } from './html.js';
import type { CompareOptions } from './options.js';
import { openOutputDir } from './output-dir.js';
import { planOf } from './plan.js';
import type { ComparisonSummary } from './screen.js';
import { setups } from './setups.js';

const OPTIONS: CompareOptions = { arms: 'livekit,firstword', rounds: 1, warmUp: true, seed: 1 };
const refused = (options: Partial<CompareOptions>, message: RegExp) =>
  expect(planOf({ ...OPTIONS, ...options })).rejects.toMatchObject({
    code: 'bad_input',
    message: expect.stringMatching(message),
  });

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'firstword-plan-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

it('compares all four setups one after another, one setup, or one model', async () => {
  const names = async (options: Partial<CompareOptions>) =>
    (await planOf({ ...OPTIONS, ...options })).subjects.map(({ llm }) => llm.name);
  expect(await names({ setup: 'all' })).toEqual(setups().map(({ name }) => name));
  expect(await names({ setup: 'mini' })).toEqual(['mini']);
  expect(await names({ profile: 'gpt-4o-mini' })).toEqual(['gpt-4o-mini']);
});

it('labels routed setups that start with latencies from earlier runs, and stores them per arm', async () => {
  const memory = join(dir, 'memory');
  const { subjects, memories } = await planOf({ ...OPTIONS, setup: 'all', memory });
  const preloaded = subjects
    .filter(({ llm }) => llm.label.includes('earlier runs'))
    .map(({ llm }) => llm.name);
  expect(preloaded).toEqual(['mini', 'mini-backup', 'fastest']);
  // LiveKit's defaults have no router.
  expect([...memories.keys()]).toEqual(['firstword']);
  writeFileSync(join(dir, 'file'), '');
  await expect(planOf({ ...OPTIONS, memory: join(dir, 'file', 'x') })).rejects.toMatchObject({
    code: 'unwritable',
  });
});

it('rejects unknown names and conflicting options before anything is played', async () => {
  await refused({ setup: 'all', profile: 'gpt-4o-mini' }, /--setup or --profile/);
  await refused({ calls: 'core', audio: dir }, /--audio or --calls/);
  await refused({ audio: join(dir, 'nowhere') }, /cannot be listed/);
  await refused({ calls: 'dinner' }, /"dinner"/);
  await refused({ arms: 'all' }, /every/);
  await refused({ setup: 'turbo' }, /"turbo"/);
});

it('names every lever in its help', () => {
  const command = new Command();
  let help = '';
  command.configureOutput({ writeOut: (text) => (help += text) });
  entry.define(command);
  command.outputHelp();
  for (const lever of Object.keys(ALL_LEVERS)) expect(help).toContain(lever);
});

it('saves partial results marked as stopped, then the complete summary', async () => {
  const outputDir = await openOutputDir(dir);
  const read = () => JSON.parse(readFileSync(join(dir, 'comparison.json'), 'utf8')) as ComparisonSummary;
  const llm = { name: 'groq', label: 'groq', emulated: true, source: '' };
  const summary = (stopped: boolean): ComparisonSummary => {
    const report = compareReport(['livekit'], []);
    return { type: 'comparison', llm, seed: 1, rounds: 1, stopped, ...report, calls: [] };
  };
  outputDir.savePartial(() => summary(true));
  outputDir.savePartial(() => summary(true));
  await outputDir.close();
  expect(read().stopped).toBe(true);
  await outputDir.write(summary(false));
  expect(read().stopped).toBe(false);
});

it('checks that the page can be written before a long run', async () => {
  await checkPagePath(join(dir, 'new', 'page.html'));
  await expect(checkPagePath(dir)).rejects.toMatchObject({ code: 'unwritable' });
});

it('emulates the realtime model of arms that have one, by its published profile', async () => {
  const { realtime } = await planOf({ ...OPTIONS, arms: 'livekit,realtime:openai' });
  expect(realtime).toMatchObject({
    emulated: true,
    label: expect.stringMatching(/gpt-realtime-1.5 \(emulated\)/),
  });
  expect((await planOf(OPTIONS)).realtime).toBeUndefined();
  await refused({ arms: 'livekit,realtime:openai', realtime: 'gpt-realtime-9' }, /gpt-realtime-1\.5/);
  await refused({ realtime: 'gpt-realtime-1.5' }, /--realtime is for arms with a realtime model/);
});

it('needs a key for a real realtime provider', async () => {
  vi.stubEnv('OPENAI_API_KEY', '');
  await refused({ arms: 'livekit,half-cascade', realtime: 'live' }, /set OPENAI_API_KEY/);
  vi.stubEnv('OPENAI_API_KEY', 'k');
  const { realtime } = await planOf({ ...OPTIONS, arms: 'livekit,half-cascade', realtime: 'live' });
  expect(realtime).toMatchObject({ emulated: false, source: 'key from OPENAI_API_KEY' });
  vi.unstubAllEnvs();
});
