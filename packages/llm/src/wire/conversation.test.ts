import { describe, expect, test } from 'vitest';
import type { ChatMessage } from '../chat.js';
import { anthropicBody } from './anthropic/request.js';
import { argumentsObject, conversationOf } from './conversation.js';
import { geminiBody } from './gemini/request.js';

const system = (content: string): ChatMessage => ({ role: 'system', content });
const user = (content: string): ChatMessage => ({ role: 'user', content });
const assistant = (content: string): ChatMessage => ({ role: 'assistant', content });

/** Side and text of each turn. */
function turns(messages: ChatMessage[]): string[] {
  return conversationOf(messages).turns.map(
    (turn) => `${turn.role}: ${turn.messages.map(({ content }) => content).join(' | ')}`,
  );
}

describe('a conversation begins and ends with the user', () => {
  test.each([
    ['a greeting by instructions', [system('S'), system('Greet.')], ['user: (silence)']],
    ['nothing at all', [], ['user: (silence)']],
    [
      'after a greeting',
      [system('S'), assistant('Hello.')],
      ['user: (silence)', 'assistant: Hello.', 'user: (silence)'],
    ],
    [
      'the caller answers the greeting',
      [assistant('Hello.'), user('Hi')],
      ['user: (silence)', 'assistant: Hello.', 'user: Hi'],
    ],
    [
      'the caller is silent',
      [user('Hi'), assistant('Hello.')],
      ['user: Hi', 'assistant: Hello.', 'user: (silence)'],
    ],
    ['blank messages', [user(' '), assistant(''), user('Hi'), assistant('\n')], ['user: Hi']],
  ])('%s', (_name, messages, expected) => {
    expect(turns(messages)).toEqual(expected);
  });

  test('the instructions of a greeting are in the system text of both wires', () => {
    const request = { messages: [system('S'), system('Greet.')] };
    expect(JSON.stringify(anthropicBody('m', request).system)).toContain('Greet.');
    expect(JSON.stringify(geminiBody('m', request).systemInstruction)).toContain('Greet.');
  });
});

describe('a system message in the middle', () => {
  const before = [system('S'), user('Hi'), assistant('Hello.')];

  test('stays where it is, marked as one', () => {
    expect(turns([...before, system('Member.'), user('A table')]).at(-1)).toBe(
      'user: <system_message>\nMember.\n</system_message> | A table',
    );
  });

  test('does not change the system text', () => {
    const messages = [...before, system('Member.'), user('A table')];
    expect(conversationOf(messages).system).toEqual([system('S')]);
  });

  test('ends the conversation in place of the caller', () => {
    expect(turns([...before, system('Ask again.')]).at(-1)).toContain('Ask again.');
    expect(turns([...before, system('Ask again.')])).toHaveLength(3);
  });

  test('does not separate a call from its result', () => {
    const call = { id: '1', name: 'a', arguments: '{}' };
    const messages: ChatMessage[] = [
      user('Hi'),
      { role: 'assistant', content: '', toolCalls: [call] },
      system('Hurry.'),
      { role: 'tool', toolCallId: '1', content: 'done' },
    ];
    const body = anthropicBody('m', { messages }) as { messages: { content: { type: string }[] }[] };
    expect(body.messages.at(-1)!.content.map(({ type }) => type)).toEqual(['tool_result', 'text']);
  });
});

test('blank text is not sent to Anthropic, which refuses it', () => {
  const content = [
    { type: 'text' as const, text: ' ' },
    { type: 'image' as const, url: 'https://example.com/a.png' },
  ];
  const { messages } = anthropicBody('m', { messages: [{ role: 'user', content }] });
  expect(JSON.stringify(messages)).not.toContain('"text"');
});

test('the ids of another model’s calls are written as Anthropic takes them, in call and result', () => {
  const id = 'functions.find_table:0';
  const { messages } = anthropicBody('m', {
    messages: [
      user('Hi'),
      { role: 'assistant', content: '', toolCalls: [{ id, name: 'find_table', arguments: 'null' }] },
      { role: 'tool', toolCallId: id, content: 'free' },
    ],
  });
  expect(messages).toMatchObject([
    {},
    { content: [{ id: 'functions_find_table_0', input: {} }] },
    { content: [{ tool_use_id: 'functions_find_table_0' }] },
  ]);
});

test.each([
  ['', {}],
  ['null', {}],
  ['[1]', {}],
  ['"text"', {}],
  ['{"a":1}', { a: 1 }],
])('the arguments %s are sent as an object', (text, expected) => {
  expect(argumentsObject(text)).toEqual(expected);
});
