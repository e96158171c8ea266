import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toTurnRecord } from '@firstword/turn';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { report } from './report.js';

let dir: string;
let file: string;
let printed: { stdout: string; stderr: string };

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'firstword-report-command-'));
  file = join(dir, 'a.jsonl');
  const lines = [700, 800, 900].map((gapMs, at) =>
    JSON.stringify(
      toTurnRecord({
        callId: 'call-1',
        turn: at + 1,
        at: '2026-11-23T10:00:00.000Z',
        marks: { speechEnded: 1000, firstAudible: 1000 + gapMs },
        interrupted: false,
        bargeIn: false,
        toolCalls: 0,
      }),
    ),
  );
  writeFileSync(file, `${lines.join('\n')}\n`);
  printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      printed[name] += String(text);
      return true;
    });
  }
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
  rmSync(dir, { recursive: true, force: true });
});

it('sets exit code 1 when the budget is exceeded, and prints that besides the figures', async () => {
  await report({ paths: [file], worst: 5, json: true, budget: 'p50=750' });
  expect(process.exitCode).toBe(1);
  expect(JSON.parse(printed.stdout)).toMatchObject({
    type: 'report',
    turns: 3,
    gap: { p50: { valueMs: 800 } },
  });
  expect(printed.stderr).toContain('p50 ≤ 750 ms: exceeded, 800 ms');
});

it('exits with 0 when the budget is met', async () => {
  await report({ paths: [file], worst: 5, md: true, budget: 'p50=800' });
  expect(process.exitCode).toBeUndefined();
  expect(printed.stdout).toContain('| felt gap | 3 | 800');
});

it('rejects invalid usage', async () => {
  for (const options of [
    { compare: [file] },
    { compare: ['-', '-'] },
    { json: true, md: true },
    { budget: 'p95' },
  ]) {
    await expect(report({ paths: [], worst: 5, ...options })).rejects.toMatchObject({ code: 'bad_input' });
  }
  const html = join(dir, 'none', 'page.html');
  await expect(report({ paths: [file], worst: 5, html })).rejects.toMatchObject({ code: 'unwritable' });
});

it('prints no words, and no telephone numbers or addresses unless --names is given', async () => {
  const record = toTurnRecord({
    callId: 'sip_+4915112345678',
    turn: 1,
    at: '2026-11-23T10:00:00.000Z',
    marks: { speechEnded: 1000, firstAudible: 1900 },
    interrupted: false,
    bargeIn: false,
    toolCalls: 0,
    transcript: { caller: 'my card is 4111', agent: 'thank you' },
  });
  const named = join(dir, 'sip_+4915112345678_ann@example.org.jsonl');
  writeFileSync(named, `${JSON.stringify(record)}\n{"bad": "my card is 4111"}\n`);
  const html = join(dir, 'page.html');
  await report({ paths: [named], worst: 5, json: true, html });
  await report({ paths: [named], worst: 5, md: true });
  await report({ paths: [named], worst: 5 });
  const output = printed.stdout + readFileSync(html, 'utf8');
  expect(output).toContain('sip_[redacted]');
  for (const secret of ['4915112345678', 'ann@example.org', '4111']) expect(output).not.toContain(secret);
  printed.stdout = '';
  await report({ paths: [named], worst: 5, json: true, names: true });
  expect(printed.stdout).toContain('"callId":"sip_+4915112345678"');
  expect(printed.stdout).not.toContain('4111');
});
