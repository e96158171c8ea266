import { expect, it } from 'vitest';
import { estimateRun, prepareRun } from '../run/prepare.js';
import { planOf } from '../testing/plan.js';
import { parseTargets } from './parse-targets.js';
import { checkRealtimeKeys, parseRealtimeTarget, realtimeWireOf } from './realtime-target.js';

it.each([
  ['realtime:openai', { provider: 'openai', model: 'default', emulated: false }],
  ['realtime:openai/gpt-realtime-2.1', { provider: 'openai', model: 'gpt-realtime-2.1' }],
  ['realtime:gpt-live@http://127.0.0.1:8/v1', { provider: 'gpt-live', baseUrl: 'http://127.0.0.1:8/v1' }],
  ['realtime:gemini/models/x@https://h', { provider: 'gemini', model: 'models/x', baseUrl: 'https://h' }],
  ['realtime:emulated:gpt-realtime-1.5', { provider: 'emulated', model: 'gpt-realtime-1.5', emulated: true }],
])('reads %s', (text, target) => {
  expect(parseRealtimeTarget(text)).toMatchObject({ kind: 'realtime', text, ...target });
});

it.each([
  ['realtime:', /is not a realtime target: write realtime:openai/],
  ['realtime:opnai', /Did you mean openai/],
  ['realtime:emulated:gpt-realtime-1', /Did you mean gpt-realtime/],
  ['realtime:openai@gpu', /is not a URL/],
  ['realtime:openai@https://me:hush@h/v1', /no key or password(?!.*hush)/],
  ['realtime:openai@https://h/v1?key=hush', /no key or password(?!.*hush)/],
])('refuses %s', (text, message) => {
  expect(() => parseRealtimeTarget(text)).toThrow(message);
});

it('names every missing key, and suggests the emulator', () => {
  const targets = parseTargets([
    'realtime:openai',
    'realtime:gemini',
    'realtime:xai@http://127.0.0.1:1',
    'realtime:emulated:instant',
  ]);
  const check = () => checkRealtimeKeys(targets, {});
  expect(check).toThrow(/OPENAI_API_KEY for realtime:openai, GOOGLE_API_KEY for realtime:gemini/);
  expect(check).toThrow(/realtime:emulated:/);
  expect(check).not.toThrow(/XAI_API_KEY/);
  expect(() => checkRealtimeKeys(targets, { OPENAI_API_KEY: 'k', GOOGLE_API_KEY: 'k' })).not.toThrow();
});

it('knows the wire of each profile', () => {
  const wireOf = (name: string) => realtimeWireOf(parseRealtimeTarget(`realtime:emulated:${name}`));
  expect(
    ['gpt-realtime-1.5', 'grok-voice-think-fast-1.0', 'gpt-live-1', 'gemini-3.1-flash-live', 'instant'].map(
      wireOf,
    ),
  ).toEqual(['openai', 'xai', 'gpt-live', 'gemini', 'openai']);
});

it('has a variant for each silence, and one of GPT-Live, beside LLMs in one run', async () => {
  const plan = planOf({
    targets: ['realtime:emulated:gpt-realtime-1.5', 'realtime:emulated:gpt-live-1', 'emulated:gpt-4o-mini'],
    modes: [{ mode: 'warm' }, { mode: 'cold' }],
    silencesMs: [500, 300],
    speech: { text: 'x', lineMs: 2000 },
    turns: 10,
    warmUps: 0,
  });
  const prepared = await prepareRun(plan, { signal: new AbortController().signal });
  expect(prepared.arms.map(({ id }) => id)).toEqual([
    'realtime:emulated:gpt-realtime-1.5',
    'realtime:emulated:gpt-realtime-1.5 · silence 300 ms',
    'realtime:emulated:gpt-live-1',
    'emulated:gpt-4o-mini',
    'emulated:gpt-4o-mini · cold',
  ]);
  const { requests, usd, completionTokens } = estimateRun(prepared);
  expect([requests, usd]).toEqual([50, 0]);
  // Of the LLM alone.
  expect(completionTokens).toBe(20 * plan.maxCompletionTokens);
});
