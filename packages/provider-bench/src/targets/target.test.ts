import { expect, it } from 'vitest';
import { accessTo, checkKeys, noTargetError } from './access.js';
import { parseTarget, parseTargets } from './target.js';

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
  ['grok:x', /Close to it: groq/],
  ['groq', /provider:model/],
  ['emulated:gpt4o-mini', /Close to it: gpt-4o-mini/],
  ['vllm:m@htp://gpu:8000/v1', /is no address: write http/],
  ['vllm:m@gpu:8000/v1', /is no address: write http/],
  ['vllm:m@http://gpu:99999/v1', /is no address: write http/],
  ['emulated:instant@http://127.0.0.1:1/v1', /custom:instant@http/],
])('refuses %s, and says what may have been meant', (text, message) => {
  expect(() => parseTarget(text)).toThrow(message);
});

it('refuses a key or a password in an address, and does not repeat it', () => {
  for (const address of ['https://me:hush@host/v1', 'https://host/v1?api_key=hush']) {
    expect(() => parseTarget(`custom:m@${address}`)).toThrow(/no key or password(?!.*hush)/);
  }
});

it('refuses a target that is there twice', () => {
  expect(() => parseTargets(['ollama:a', 'ollama:a'])).toThrow(/twice/);
});

it('names every variable that is missing, and offers the emulator', () => {
  const targets = parseTargets(['groq:a', 'openai:b', 'livekit:c', 'vllm:d', 'emulated:instant']);
  const refused = () => checkKeys(targets, { OPENAI_API_KEY: 'k', LIVEKIT_API_KEY: 'k' });
  expect(refused).toThrow(/GROQ_API_KEY for groq:a, LIVEKIT_API_KEY and LIVEKIT_API_SECRET for livekit:c/);
  expect(refused).toThrow(/emulated:/);
  expect(refused).not.toThrow(/OPENAI_API_KEY|VLLM_API_KEY/);
  expect(() => checkKeys(parseTargets(['groq:a@http://127.0.0.1:1/v1']), {})).not.toThrow();
});

it('tells of every key where nothing was named', () => {
  expect(noTargetError().message).toMatch(/GROQ_API_KEY.*LIVEKIT_API_SECRET.*OPENAI_API_KEY.*emulated:/);
});

it('puts the halves of a LiveKit key together, and wants an address for custom', () => {
  const env = { LIVEKIT_API_KEY: 'a', LIVEKIT_API_SECRET: 'b', FIRSTWORD_LLM_BASE_URL: 'http://h/v1' };
  expect(accessTo(parseTarget('livekit:m'), env).apiKey).toBe('a:b');
  expect(accessTo(parseTarget('custom:m'), env).baseUrl).toBe('http://h/v1');
  expect(() => accessTo(parseTarget('custom:m'), {})).toThrow(/custom:m@http/);
  const wrong = { FIRSTWORD_LLM_BASE_URL: 'gpu' };
  expect(() => accessTo(parseTarget('custom:m'), wrong)).toThrow(/FIRSTWORD_LLM_BASE_URL is no address/);
});
