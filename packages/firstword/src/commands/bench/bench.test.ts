import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BenchArmReport, DEFAULT_PLAN } from '@firstword/provider-bench';
import { Command } from 'commander';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { bench } from './bench.js';
import { bench as entry } from './define.js';
import type { BenchOptions } from './options.js';
import { readPlan } from './read-plan.js';

let dir: string;
let printed: { stdout: string; stderr: string };

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'firstword-bench-command-'));
  printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      printed[name] += String(text);
      return true;
    });
  }
  const keys = [
    'GROQ_API_KEY',
    'OPENAI_API_KEY',
    'XAI_API_KEY',
    'LIVEKIT_API_KEY',
    'LIVEKIT_INFERENCE_API_KEY',
  ];
  for (const name of keys) vi.stubEnv(name, '');
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  process.exitCode = undefined;
  rmSync(dir, { recursive: true, force: true });
});

/** Options as commander parses them. */
function optionsOf(...args: string[]): BenchOptions {
  const command = entry.define(new Command()).exitOverride();
  let options: BenchOptions | undefined;
  command.action(() => {
    options = command.opts();
  });
  command.parse(args, { from: 'user' });
  return options!;
}

const firstwordBench = (...args: string[]) => bench(optionsOf(...args), { version: '1.2.3' });

it('uses the default plan without options', () => {
  expect(readPlan(optionsOf('ollama:m'))).toEqual({ ...DEFAULT_PLAN, targets: ['ollama:m'] });
});

const QUICK = ['emulated:instant', '--turns', '3', '--warm-up', '1', '--pace', '50', '--system-tokens', '20'];

it('prints the plan before the start, shows the results and saves the samples', async () => {
  const file = join(dir, 'run.json');
  await firstwordBench(...QUICK, '--out', file);
  expect(process.exitCode).toBeUndefined();
  expect(printed.stderr).toMatch(/Requests +4 \(1 for warm-up\), 50 per second/);
  expect(printed.stderr.indexOf('Budget')).toBeLessThan(printed.stderr.indexOf('Samples:'));
  expect(printed.stdout).toContain('emulated:instant');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ version: '1.2.3', plannedRequests: 4 });
});

it('prints one JSON object, writes the page and the rows, and appends to the history', async () => {
  const place = (name: string) => join(dir, name);
  const files = ['--html', place('a.html'), '--csv', place('a.csv'), '--history', place('h.jsonl')];
  writeFileSync(place('h.jsonl'), '{"half": ');
  await firstwordBench(...QUICK, '--out', place('a.json'), '--json', ...files, '--trend', place('t.html'));
  expect(JSON.parse(printed.stdout)).toMatchObject({ type: 'bench-report' });
  printed.stdout = '';
  await firstwordBench('--show', place('a.json'), '--compare', place('a.json'), '--json', ...files);
  expect(JSON.parse(printed.stdout)).toMatchObject({ type: 'bench-comparison' });
  expect(readFileSync(place('h.jsonl'), 'utf8').trim().split('\n').length).toBe(2);
  expect(readdirSync(dir).sort()).toEqual(['a.csv', 'a.html', 'a.json', 'h.jsonl', 't.html']);
});

it('measures emulated speech engines, warm and cold, through LiveKit’s classes', {
  timeout: 60_000,
}, async () => {
  const file = join(dir, 'run.json');
  const targets = ['stt:emulated:instant-stt', 'tts:emulated:instant-tts'];
  const quick = ['--turns', '1', '--warm-up', '0', '--pace', '20', '--line', 'Yes please.'];
  await firstwordBench(...targets, ...quick, '--out', file, '--json');
  expect(process.exitCode).toBeUndefined();
  expect(printed.stderr).toMatch(/Line +synthesized, [\d.]+ s; a TTS says 11 characters\n/);
  const { arms } = JSON.parse(printed.stdout);
  expect(arms.map(({ arm, response }: BenchArmReport) => [arm.id, response?.count])).toEqual([
    ['stt:emulated:instant-stt', 1],
    ['stt:emulated:instant-stt · cold', 1],
    ['tts:emulated:instant-tts', 1],
    ['tts:emulated:instant-tts · cold', 1],
  ]);
  expect(readFileSync(file, 'utf8')).not.toMatch(/"transcript"/);
});

it('measures emulated realtime models by their silence beside an LLM, in one run', {
  timeout: 60_000,
}, async () => {
  const targets = ['realtime:emulated:instant', 'realtime:emulated:gpt-live-1', 'emulated:instant'];
  const quick = ['--turns', '1', '--warm-up', '0', '--pace', '20', '--line', 'Yes please.'];
  await firstwordBench(
    ...targets,
    ...quick,
    '--silence',
    '200,500',
    '--out',
    join(dir, 'run.json'),
    '--json',
  );
  expect(process.exitCode).toBeUndefined();
  const { arms } = JSON.parse(printed.stdout);
  expect(arms.map(({ arm, response }: BenchArmReport) => [arm.id, response?.count])).toEqual([
    ['realtime:emulated:instant · silence 200 ms', 1],
    ['realtime:emulated:instant', 1],
    ['realtime:emulated:gpt-live-1', 1],
    ['emulated:instant', 1],
  ]);
  for (const { arm, speech } of arms) {
    if (arm.kind) expect(speech).toMatchObject({ kind: 'realtime', session: { count: 1 } });
  }
});

it('sends nothing on a dry run', async () => {
  await firstwordBench(...QUICK, '--out', join(dir, 'run.json'), '--dry-run');
  expect(printed.stderr).toContain('free of charge');
  expect(existsSync(join(dir, 'run.json'))).toBe(false);
});

it('sets exit code 1 if no request was answered, and saves the run', async () => {
  const file = join(dir, 'run.json');
  await firstwordBench(...QUICK, '--out', file, '--emulator-fault', 'http-error:503');
  expect(process.exitCode).toBe(1);
  expect(JSON.parse(readFileSync(file, 'utf8')).samples[0].error.kind).toBe('provider_unavailable');
});

it('continues a run that its budget ended', async () => {
  const file = join(dir, 'run.json');
  await firstwordBench(...QUICK, '--out', file, '--budget', 'requests=2');
  expect(printed.stderr).toContain(`firstword bench --resume ${file}\n`);
  await firstwordBench('--resume', file, '--budget', 'requests=10');
  const run = JSON.parse(readFileSync(file, 'utf8'));
  expect(run.samples.length).toBe(4);
  expect(run.partial).toBeUndefined();
});

it('repeats runs, each in its own file', async () => {
  const cwd = process.cwd();
  process.chdir(dir);
  try {
    await firstwordBench(...QUICK, '--every', '1s', '--times', '2', '--history', 'h.jsonl');
  } finally {
    process.chdir(cwd);
  }
  expect(readdirSync(join(dir, 'firstword-out', 'bench')).length).toBe(2);
  expect(readFileSync(join(dir, 'h.jsonl'), 'utf8').trim().split('\n').length).toBe(2);
});

it.each([
  [['groq:m', 'openai:m'], /GROQ_API_KEY.*OPENAI_API_KEY.*emulated:/],
  [[], /Name the targets to measure/],
  [['emulated:instant', '--budget', 'usd=0'], /allows nothing/],
  [['emulated:instant', '--prompt', 'nowhere.txt'], /cannot be read/],
  [['emulated:instant', '--trend', 'x.html'], /--history/],
  [['emulated:instant', '--json', '--md'], /not both/],
  [['emulated:instant', '--compare', 'nowhere.json'], /check the path/],
  [['ollama:m', '--emulator-rtt', '5'], /emulated:/],
  [['emulated:instant', '--emulator-fault', 'flood'], /is not a fault/],
  [['emulated:instant', '--show', 'a.json'], /measures nothing/],
  [['emulated:instant', '--resume', 'a.json'], /give no targets/],
  [['--resume', 'nowhere.json'], /check the path/],
  [['realtime:openai', 'realtime:xai'], /OPENAI_API_KEY.*XAI_API_KEY.*realtime:emulated:/],
  [['realtime:opnai'], /Did you mean openai/],
  [['ollama:m', '--silence', '300'], /setting of realtime models/],
  [['stt:nova'], /is not a speech target/],
  [['stt:deepgram/nova-3'], /LIVEKIT_API_KEY/],
  [['stt:emulated:instant-stt', '--prompt', 'p.txt'], /about LLMs/],
  [['ollama:m', '--audio', 'a.wav'], /name one/],
  [['stt:emulated:instant-stt', '--audio', 'nowhere.wav'], /nowhere.wav/],
])('rejects %j', async (args, message) => {
  await expect(firstwordBench(...args)).rejects.toThrow(message);
});
