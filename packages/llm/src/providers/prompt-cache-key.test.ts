import { expect, onTestFinished, test } from 'vitest';
import { HELLO, readAll } from '../testing/read.js';
import { say, serve, stream } from '../testing/server.js';
import { cerebras } from './cerebras/index.js';
import { groq } from './groq/index.js';
import { type HttpModelOptions, httpModel } from './http-model.js';
import { openai } from './openai/index.js';
import type { Provider } from './provider.js';

/** The `prompt_cache_key` of two requests of one model. */
async function keysOf(provider: Provider, options: Partial<HttpModelOptions> = {}, request: object = {}) {
  const server = await serve((response) => stream(response, say('ok')));
  const model = httpModel(provider, { model: 'm', baseUrl: server.baseUrl, apiKey: 'k', ...options });
  onTestFinished(() => model.close());
  for (let turn = 0; turn < 2; turn += 1) await readAll(model.chat({ ...HELLO, ...request }));
  return server.requests.map(({ body }) => JSON.parse(body).prompt_cache_key as unknown);
}

test.each([openai, cerebras])(
  '$name: all requests of one model have one key, of another model another',
  async (provider) => {
    const [one, again] = await keysOf(provider);
    const [other] = await keysOf(provider);
    expect(one).toMatch(/^fw-.{36}$/);
    expect(again).toBe(one);
    expect(other).not.toBe(one);
  },
);

test('keeps a cache key that the user set', async () => {
  expect(await keysOf(openai, { extra: { prompt_cache_key: 'mine' } })).toEqual(['mine', 'mine']);
  expect(await keysOf(openai, {}, { extra: { prompt_cache_key: 'call-7' } })).toEqual(['call-7', 'call-7']);
});

test('can be turned off, and other providers get no cache key', async () => {
  expect(await keysOf(openai, { extra: { prompt_cache_key: undefined } })).toEqual([undefined, undefined]);
  expect(await keysOf(groq)).toEqual([undefined, undefined]);
});
