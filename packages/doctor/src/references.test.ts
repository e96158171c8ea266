import { expect, it } from 'vitest';
import { PUBLISHED_TTFT, publishedTtft } from './references.js';

it('has a source and a day for each published range', () => {
  for (const { models, source, readOn, p50Ms, p95Ms } of PUBLISHED_TTFT) {
    expect(source.length, models[0]).toBeGreaterThan(20);
    expect(readOn, models[0]).toMatch(/^20\d\d-\d\d-\d\d$/);
    expect(p95Ms, models[0]).toBeGreaterThan(p50Ms);
  }
});

it.each([
  ['api.openai.com', 'gpt-4.1-mini-2025-04-14', 'openai'],
  ['Gemini', 'models/gemini-2.5-flash', 'google'],
  ['api.groq.com', 'openai/gpt-oss-120b', 'groq'],
  ['acme.openai.azure.com', 'gpt-4.1-mini', 'azure'],
])('takes %s %s for a model of %s', (provider, model, host) => {
  expect(publishedTtft({ provider, model })?.provider).toBe(host);
});

it.each([
  ['acme.openai.azure.com', 'gpt-4o'],
  ['localhost:8000', 'gpt-4o'],
  ['10.0.0.5:8000', 'gpt-oss-120b'],
  ['together', 'gpt-oss-120b'],
  ['openai', 'gpt-9'],
])('knows no range of %s %s', (provider, model) => {
  expect(publishedTtft({ provider, model })).toBeUndefined();
});

it('takes the user’s own range first', () => {
  const own = { provider: 'azure', models: ['gpt-4o'], p50Ms: 700, p95Ms: 1500, source: 'own' };
  expect(publishedTtft({ provider: 'acme.openai.azure.com', model: 'gpt-4o' }, [own])).toBe(own);
});
