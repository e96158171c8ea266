import { expect, test } from 'vitest';
import { plainText } from './plain-text.js';
import { OpenAiReader } from './reader.js';

const chunk = (choice: object, more: object = {}) => ({
  id: 'c',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  system_fingerprint: null,
  choices: [{ index: 0, finish_reason: null, logprobs: null, ...choice }],
  usage: null,
  ...more,
});

test.each([
  ['text', chunk({ delta: { content: 'Hi' } }), 'Hi'],
  ['a role beside it', chunk({ delta: { role: 'assistant', content: '', refusal: null } }), ''],
  ['the end', chunk({ delta: { content: 'Hi' }, finish_reason: 'stop' }), undefined],
  ['usage', chunk({ delta: { content: 'Hi' } }, { usage: { prompt_tokens: 1 } }), undefined],
  ['reasoning', chunk({ delta: { content: 'Hi', reasoning: 'hm' } }), undefined],
  ['a refusal', chunk({ delta: { content: 'Hi', refusal: 'No' } }), undefined],
  ['a tool call', chunk({ delta: { content: 'Hi', tool_calls: [] } }), undefined],
  ['a whole message', chunk({ delta: { content: 'Hi' }, message: { content: 'Ho' } }), undefined],
  ['a service tier', chunk({ delta: { content: 'Hi' } }, { service_tier: 'flex' }), undefined],
  ['parts', chunk({ delta: { content: ['Hi'] } }), undefined],
  ['a number', chunk({ delta: { content: 1 } }), undefined],
  ['two choices', { choices: [{ delta: { content: 'Hi' } }, { delta: { content: 'Ho' } }] }, undefined],
  ['no choice', { choices: [] }, undefined],
  ['odd choices', { choices: [null] }, undefined],
  ['an odd delta', { choices: [{ delta: 'Hi' }] }, undefined],
])('%s', (_name, value, expected) => {
  expect(plainText(value)).toBe(expected);
});

test('a tier that every chunk repeats is reported once', () => {
  const reader = new OpenAiReader({ provider: 'p' });
  const read = (tier: string) =>
    reader.read({ data: JSON.stringify(chunk({ delta: { content: 'Hi' } }, { service_tier: tier })) });
  const served = (serviceTier: string) => ({ type: 'served', served: { serviceTier } });
  expect(read('auto')).toEqual([{ type: 'text', text: 'Hi' }, served('auto')]);
  expect(read('auto')).toEqual([{ type: 'text', text: 'Hi' }]);
  expect(read('default')).toEqual([{ type: 'text', text: 'Hi' }, served('default')]);
});
