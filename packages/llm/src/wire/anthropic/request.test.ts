import { expect, test } from 'vitest';
import { anthropicBody } from './request.js';

const cached = { cache_control: { type: 'ephemeral' } };

test('tools, system text and the conversation each end a cached prefix', () => {
  const body = anthropicBody('m', {
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hello' },
    ],
    tools: [
      { name: 'a', parameters: {} },
      { name: 'b', parameters: {} },
    ],
  });
  expect(body).toMatchObject({
    system: [{ type: 'text', text: 'Be brief.', ...cached }],
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello', ...cached }] }],
  });
  expect(body.tools).toEqual([
    { name: 'a', input_schema: {} },
    { name: 'b', input_schema: {}, ...cached },
  ]);
});

test('results of parallel tools are one message', () => {
  const { messages } = anthropicBody('m', {
    messages: [
      { role: 'user', content: 'Two things' },
      {
        role: 'assistant',
        content: '',
        toolCalls: [
          { id: '1', name: 'a', arguments: '{}' },
          { id: '2', name: 'b', arguments: '' },
        ],
      },
      { role: 'tool', toolCallId: '1', content: 'one' },
      { role: 'tool', toolCallId: '2', content: 'two' },
    ],
  }) as { messages: { role: string; content: { type: string }[] }[] };
  expect(messages.map(({ role, content }) => [role, content.map(({ type }) => type)])).toEqual([
    ['user', ['text']],
    ['assistant', ['tool_use', 'tool_use']],
    ['user', ['tool_result', 'tool_result']],
  ]);
});

test.each([
  ['auto', { type: 'auto' }],
  ['none', { type: 'none' }],
  ['required', { type: 'any' }],
  [{ name: 'a' }, { type: 'tool', name: 'a' }],
] as const)('tool choice %j', (toolChoice, expected) => {
  const messages = [{ role: 'user' as const, content: 'Hi' }];
  const body = anthropicBody('m', { messages, tools: [{ name: 'a', parameters: {} }], toolChoice });
  expect(body.tool_choice).toEqual(expected);
});

test('one tool at a time', () => {
  const messages = [{ role: 'user' as const, content: 'Hi' }];
  const body = anthropicBody('m', {
    messages,
    tools: [{ name: 'a', parameters: {} }],
    parallelToolCalls: false,
  });
  expect(body.tool_choice).toEqual({ type: 'auto', disable_parallel_tool_use: true });
});
