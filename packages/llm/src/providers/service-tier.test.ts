import { expect, onTestFinished, test } from 'vitest';
import { HELLO, readAll } from '../testing/read.js';
import { RECORDED_STREAMS, recordedBytes } from '../testing/recorded.js';
import { say, serve, stream } from '../testing/server.js';
import type { HttpModel } from './http-model.js';
import { httpModel } from './http-model.js';
import { anthropic, cerebras, gemini, groq, livekitInference, openai } from './index.js';
import { vllm } from './vllm/index.js';

/** The request that a model with these options sends. */
async function sent(make: (at: { baseUrl: string; apiKey: string }) => HttpModel) {
  const claude = recordedBytes(RECORDED_STREAMS.find(({ provider }) => provider === 'anthropic')!);
  const server = await serve((response, _body, { url }) =>
    stream(response, url!.endsWith('/messages') ? [claude] : say('ok')),
  );
  const model = make({ baseUrl: server.baseUrl, apiKey: 'key:secret' });
  onTestFinished(() => model.close());
  await readAll(model.chat(HELLO));
  const [{ body, headers }] = server.requests as [(typeof server.requests)[number]];
  return { body: JSON.parse(body) as Record<string, unknown>, headers };
}

test.each([
  ['performance', (at: object) => groq({ model: 'm', serviceTier: 'performance', ...at })],
  ['flex', (at: object) => cerebras({ model: 'm', serviceTier: 'flex', ...at })],
  ['priority', (at: object) => openai({ model: 'm', serviceTier: 'priority', ...at })],
  ['standard_only', (at: object) => anthropic({ model: 'm', serviceTier: 'standard_only', ...at })],
] as const)('the tier %s is a field of the body', async (tier, make) => {
  expect((await sent(make)).body.service_tier).toBe(tier);
});

test('LiveKit Inference takes it as a header', async () => {
  const { body, headers } = await sent((at) =>
    livekitInference({ model: 'm', serviceTier: 'priority', ...at }),
  );
  expect(headers['x-livekit-inference-priority']).toBe('priority');
  expect(body).not.toHaveProperty('service_tier');
});

test('without a tier nothing is sent', async () => {
  expect((await sent((at) => groq({ model: 'm', ...at }))).body).not.toHaveProperty('service_tier');
});

test('rejects an unknown tier and lists the available ones', () => {
  // @ts-expect-error the types reject it too
  expect(() => groq({ model: 'm', serviceTier: 'premium' })).toThrow(/on_demand, flex, performance/);
  expect(() => gemini({ model: 'm', serviceTier: 'flex' })).toThrow(/Gemini has no service tier "flex"/);
});

test('Anthropic’s cache markers have the requested lifetime', async () => {
  const { body } = await sent((at) => anthropic({ model: 'm', cacheTtl: '1h', ...at }));
  expect(JSON.stringify(body.messages)).toContain('"cache_control":{"type":"ephemeral","ttl":"1h"}');
  expect(body).not.toHaveProperty('cacheTtl');
});

test('asks vLLM for its times', async () => {
  const { body } = await sent((at) => httpModel(vllm, { model: 'm', ...at }));
  expect(body.include_metrics).toBe(true);
});
