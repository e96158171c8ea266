import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PUBLISHED_TTFT, RULES } from '@firstword/doctor';
import { findProfile } from '@firstword/emulator';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { doctor } from './doctor.js';

const FORUM = readFileSync(
  new URL('../../../../records/src/testing/livekit/forum.jsonl', import.meta.url),
  'utf8',
).trim();

let dir: string;
let printed: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'firstword-doctor-command-'));
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
  rmSync(dir, { recursive: true, force: true });
});

it('examines a pasted line and exits with 0', async () => {
  await doctor({ inputs: [FORUM], llm: { provider: 'groq', model: 'openai/gpt-oss-120b' } });
  expect(process.exitCode).toBeUndefined();
  expect(printed).toContain('2,438 ms of silence');
  expect(printed).toContain('gpt-oss-120b at groq (p50 98, p95 217 ms)');
});

it('takes a range that the user gives before the published one', async () => {
  const ttft = [
    { provider: 'groq', models: ['openai/gpt-oss-120b'], p50Ms: 900, p95Ms: 1500, source: 'own' },
  ];
  await doctor({ inputs: [FORUM], llm: { provider: 'groq', model: 'openai/gpt-oss-120b' }, ttft });
  expect(printed).not.toContain('outside the published range');
});

it('prints JSON and Markdown', async () => {
  const file = join(dir, 'calls.log');
  writeFileSync(file, `${FORUM}\n`);
  await doctor({ inputs: [dir], json: true });
  const { schema, findings, read } = JSON.parse(printed);
  expect(schema).toBe('firstword.diagnosis/1');
  expect(findings[0].evidence[0].examples[0].place).toBe(`${file}:1`);
  expect(read).toMatchObject({ files: 1, lines: 1, badLines: 0 });
  printed = '';
  await doctor({ inputs: [file], md: true });
  expect(printed).toContain('### 1. First token outside its range');
});

it('prints a link for each finding that resolves from any folder', async () => {
  await doctor({ inputs: [FORUM], json: true });
  const { findings } = JSON.parse(printed) as { findings: { docs: string }[] };
  expect(findings.length).toBeGreaterThan(0);
  for (const { docs } of findings) expect(existsSync(new URL(docs)), docs).toBe(true);
});

it('sets exit code 1 for a finding of the --fail-on level', async () => {
  await doctor({ inputs: [FORUM], failOn: 'high' });
  expect(process.exitCode).toBe(1);
});

it('rejects input without a turn and explains why each line was unusable', async () => {
  await expect(doctor({ inputs: [FORUM.slice(0, 200)] })).rejects.toThrow(
    /no turn[\s\S]*pasted:1: begins like JSON/,
  );
  await expect(doctor({ inputs: ['{"a":1}'] })).rejects.toMatchObject({ code: 'bad_input' });
  await expect(doctor({ inputs: [FORUM, 'calls/'] })).rejects.toThrow('not both');
  await expect(doctor({ inputs: [], json: true, md: true })).rejects.toThrow('not both');
  expect(printed).toBe('');
});

it('explains every rule with its page', async () => {
  for (const { id, title } of RULES) {
    printed = '';
    await doctor({ inputs: [], explain: id });
    expect(printed).toContain(title);
    expect(printed).toContain('## Mechanism');
  }
  await expect(doctor({ inputs: [], explain: 'none' })).rejects.toThrow('ttft-range');
});

it('compares the first token with the same published figures that the emulator plays', () => {
  const named = {
    'groq gpt-oss-120b': 'groq-gpt-oss-120b',
    'cerebras kimi-k2.6': 'cerebras-kimi-k2.6',
  } as Record<string, string>;
  const both = PUBLISHED_TTFT.filter(({ provider }) => provider !== 'azure').flatMap((one) => {
    const profile = findProfile(named[`${one.provider} ${one.models[0]}`] ?? one.models[0]!);
    return profile ? [{ ...one, profile }] : [];
  });
  expect(both.length).toBeGreaterThan(6);
  for (const { models, p50Ms, p95Ms, profile } of both)
    expect(profile.ttft, models[0]).toMatchObject({ p50Ms, p95Ms });
});

it('redacts telephone numbers unless --names is given', async () => {
  const file = join(dir, 'sip_+4915112345678.log');
  writeFileSync(file, `${FORUM}\n`);
  for (const form of [{ json: true }, { md: true }, { all: true }]) await doctor({ inputs: [file], ...form });
  expect(printed).toContain('sip_[redacted]');
  expect(printed).not.toContain('4915112345678');
  printed = '';
  await doctor({ inputs: [file], json: true, names: true });
  expect(printed).toContain('sip_+4915112345678.log:1');
});
