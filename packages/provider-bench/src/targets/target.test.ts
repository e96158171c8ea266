import { accessToModel } from '@firstword/llm';
import { expect, it } from 'vitest';
import { checkKeys, noTargetError } from './access.js';
import { parseTargets } from './parse-targets.js';
import { parseTarget } from './target.js';

it('reads a provider, a model with anything in its name, and an address', () => {
  expect(parseTarget('groq:openai/gpt-oss-120b')).toMatchObject({
    provider: 'groq',
    model: 'openai/gpt-oss-120b',
    emulated: false,
  });
  expect(parseTarget('ollama:qwen3:4b')).toMatchObject({ provider: 'ollama', model: 'qwen3:4b' });
  expect(parseTarget('vllm:Qwen/Qwen2.5-7B@http://gpu:8000/v1')).toMatchObject({
    model: 'Qwen/Qwen2.5-7B',
    baseUrl: 'http://gpu:8000/v1',
  });
  expect(parseTarget('custom:@cf/meta/llama-3@http://h/v1').model).toBe('@cf/meta/llama-3');
  expect(parseTarget('openrouter:anthropic/claude@20251001').baseUrl).toBeUndefined();
  expect(parseTarget('emulated:gpt-4o-mini').emulated).toBe(true);
});

it.each([
  ['grok:x', /Did you mean groq/],
  ['groq', /provider:model/],
  ['emulated:gpt4o-mini', /Did you mean gpt-4o-mini/],
  ['vllm:m@htp://gpu:8000/v1', /is not a URL: write http/],
  ['vllm:m@gpu:8000/v1', /is not a URL: write http/],
  ['vllm:m@http://gpu:99999/v1', /is not a URL: write http/],
  ['emulated:instant@http://127.0.0.1:1/v1', /custom:instant@http/],
])('rejects %s, and suggests a correction', (text, message) => {
  expect(() => parseTarget(text)).toThrow(message);
});

it('rejects a key or a password in a URL, and does not repeat it', () => {
  for (const address of ['https://me:hush@host/v1', 'https://host/v1?api_key=hush']) {
    expect(() => parseTarget(`custom:m@${address}`)).toThrow(/no key or password(?!.*hush)/);
  }
});

it('rejects a target that is listed twice', () => {
  expect(() => parseTargets(['ollama:a', 'ollama:a'])).toThrow(/twice/);
});

it('names every missing variable, and suggests the emulator', () => {
  const targets = parseTargets(['groq:a', 'openai:b', 'livekit:c', 'vllm:d', 'emulated:instant']);
  const refused = () => checkKeys(targets, { OPENAI_API_KEY: 'k', LIVEKIT_API_KEY: 'k' });
  expect(refused).toThrow(/GROQ_API_KEY for groq:a, LIVEKIT_API_KEY and LIVEKIT_API_SECRET for livekit:c/);
  expect(refused).toThrow(/emulated:/);
  expect(refused).not.toThrow(/OPENAI_API_KEY|VLLM_API_KEY/);
  expect(() => checkKeys(parseTargets(['groq:a@http://127.0.0.1:1/v1']), {})).not.toThrow();
});

it('lists every key variable where no target was named', () => {
  expect(noTargetError().message).toMatch(/GROQ_API_KEY.*LIVEKIT_API_SECRET.*OPENAI_API_KEY.*emulated:/);
});

it('joins LiveKit’s key and secret, and requires a base URL for custom', () => {
  const env = { LIVEKIT_API_KEY: 'a', LIVEKIT_API_SECRET: 'b', FIRSTWORD_LLM_BASE_URL: 'http://h/v1' };
  expect(accessToModel(parseTarget('livekit:m'), env).apiKey).toBe('a:b');
  expect(accessToModel(parseTarget('custom:m'), env).baseUrl).toBe('http://h/v1');
  expect(() => accessToModel(parseTarget('custom:m'), {})).toThrow(/custom:m@http/);
  const wrong = { FIRSTWORD_LLM_BASE_URL: 'gpu' };
  expect(() => accessToModel(parseTarget('custom:m'), wrong)).toThrow(/FIRSTWORD_LLM_BASE_URL is not a URL/);
});
