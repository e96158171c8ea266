import { expect, test } from 'vitest';
import { llmFromEnv } from './env.js';

test('an empty environment configures nothing', () => {
  expect(llmFromEnv({})).toEqual([]);
});

test('each key configures its provider and is named as its source', () => {
  const found = llmFromEnv({ OPENAI_API_KEY: 'a', GROQ_API_KEY: 'b', CEREBRAS_API_KEY: 'c' });
  expect(found.map(({ name, source }) => [name, source])).toEqual([
    ['groq', 'GROQ_API_KEY'],
    ['cerebras', 'CEREBRAS_API_KEY'],
    ['openai', 'OPENAI_API_KEY'],
  ]);
});

test('an empty key does not count', () => {
  expect(llmFromEnv({ OPENAI_API_KEY: '' })).toEqual([]);
});

test('a base URL comes first and names its model', () => {
  const [custom] = llmFromEnv({
    FIRSTWORD_LLM_BASE_URL: 'http://localhost:8000/v1',
    FIRSTWORD_LLM_MODEL: 'qwen',
    GROQ_API_KEY: 'b',
  });
  expect(custom).toMatchObject({
    name: 'custom',
    label: 'localhost:8000 · qwen',
    source: 'FIRSTWORD_LLM_BASE_URL',
  });
  expect(custom!.create()).toMatchObject({ provider: 'custom', model: 'qwen' });
});

test('the model of a provider can be set', () => {
  const [groq] = llmFromEnv({ GROQ_API_KEY: 'b', GROQ_MODEL: 'openai/gpt-oss-20b' });
  expect(groq!.create().model).toBe('openai/gpt-oss-20b');
});

test('no label shows a key', () => {
  const found = llmFromEnv({
    GROQ_API_KEY: 'sk-secret',
    FIRSTWORD_LLM_BASE_URL: 'http://user:sk-secret@h/v1',
  });
  expect(JSON.stringify(found)).not.toContain('sk-secret');
});

test('an invalid base URL is bad input', () => {
  const [custom] = llmFromEnv({ FIRSTWORD_LLM_BASE_URL: 'localhost' });
  expect(() => custom!.create()).toThrow(expect.objectContaining({ code: 'bad_input' }));
});
