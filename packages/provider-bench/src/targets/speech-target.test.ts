import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { estimateRun, prepareRun } from '../run/prepare.js';
import type { BenchPlan } from '../run-file.js';
import { planOf } from '../testing/plan.js';
import { parseTargets } from './parse-targets.js';
import { checkSpeechKeys, parseSpeechTarget } from './speech-target.js';

it.each([
  ['stt:deepgram/nova-3', { kind: 'stt', provider: 'livekit', model: 'deepgram/nova-3', emulated: false }],
  ['tts:cartesia/sonic-3:a-voice', { kind: 'tts', provider: 'livekit', model: 'cartesia/sonic-3:a-voice' }],
  ['stt:plugin:deepgram/flux-general-en', { kind: 'stt', provider: 'plugin' }],
  ['tts:emulated:cartesia-sonic-3', { kind: 'tts', model: 'cartesia-sonic-3', emulated: true }],
])('reads %s', (text, target) => {
  expect(parseSpeechTarget(text)).toMatchObject(target);
});

it.each([
  [['stt:nova-3'], /is not a speech target: write stt:deepgram\/nova-3/],
  [['stt:emulated:deepgram-nova3'], /deepgram-nova-3/],
  [['tts:emulated:deepgram-nova-3'], /TTS profile/],
])('refuses %j', (texts, message) => {
  expect(() => parseTargets(texts)).toThrow(message);
});

it('needs the key of LiveKit Inference for its models alone', () => {
  const inference = parseTargets(['stt:deepgram/nova-3']);
  expect(() => checkSpeechKeys(inference, {})).toThrow(/LIVEKIT_API_KEY and LIVEKIT_API_SECRET.*emulated/);
  expect(() => checkSpeechKeys(inference, { LIVEKIT_API_KEY: 'k', LIVEKIT_API_SECRET: 's' })).not.toThrow();
  expect(() => checkSpeechKeys(parseTargets(['stt:plugin:deepgram/nova-3']), {})).not.toThrow();
});

const { signal } = new AbortController();
const speechPlan = (parts: Partial<BenchPlan>): BenchPlan =>
  planOf({ speech: { text: 'x'.repeat(100), lineMs: 2000 }, ...parts });

it('needs your prices for a budget in dollars, and estimates the cost with them', async () => {
  const env = { LIVEKIT_API_KEY: 'k', LIVEKIT_API_SECRET: 's' };
  const targets = ['stt:deepgram/nova-3', 'tts:cartesia/sonic-3'];
  const plan = speechPlan({ targets, budget: { usd: 1 }, turns: 10, warmUps: 0 });
  await expect(prepareRun(plan, { signal, env })).rejects.toThrow(/--prices/);
  const dir = mkdtempSync(join(tmpdir(), 'firstword-speech-prices-'));
  try {
    const pricesFile = join(dir, 'prices.json');
    const prices = {
      'stt:deepgram/nova-3': { perMinuteUsd: 0.006 },
      'tts:cartesia/sonic-3': { perMillionCharactersUsd: 50 },
    };
    writeFileSync(pricesFile, JSON.stringify({ date: '2026-11-30', prices }));
    const prepared = await prepareRun(plan, { signal, env, pricesFile });
    // 10 lines of 2 s and a second, 10 sentences of 100 characters.
    expect(estimateRun(prepared).usd).toBeCloseTo(0.003 + 0.05, 6);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});

it('has no idle arm for an STT', async () => {
  const plan = speechPlan({ targets: ['stt:emulated:instant-stt'], modes: [{ mode: 'idle', idleMs: 1000 }] });
  await expect(prepareRun(plan, { signal })).rejects.toThrow(/never idle/);
});
