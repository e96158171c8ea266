import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChatMessage, ChatRequest } from '../chat.js';
import { lintPrefix } from './lint-prefix.js';
import { stableTools } from './stable-tools.js';
import { trimHistory } from './trim-history.js';

const system: ChatMessage = { role: 'system', content: 'You are a receptionist.' };
const user = (content: string): ChatMessage => ({ role: 'user', content });
const agent = (content: string): ChatMessage => ({ role: 'assistant', content });
const tool = (name: string) => ({ name, parameters: {} });

describe('the prefix linter', () => {
  const before: ChatRequest = {
    messages: [system, user('Hi'), agent('Hello'), user('Book')],
    tools: [tool('a'), tool('b')],
  };

  test('a conversation that only grows keeps its prefix', () => {
    const now = { ...before, messages: [...before.messages, agent('When?'), user('Today')] };
    expect(lintPrefix(before, now)).toBeUndefined();
  });

  test('tools in another order keep it, because they are sorted', () => {
    expect(lintPrefix(before, { ...before, tools: [tool('b'), tool('a')] })).toBeUndefined();
  });

  test('another tool invalidates the whole prefix', () => {
    const found = lintPrefix(before, { ...before, tools: [tool('a')] })!;
    expect(found.at).toBe('tools');
    expect(found.lostCharacters).toBeGreaterThan(JSON.stringify(before.messages).length - 10);
  });

  test('finds a date in the instructions and advises where to put it', () => {
    const dated = { role: 'system' as const, content: 'You are a receptionist. It is 10:31.' };
    const found = lintPrefix(before, { ...before, messages: [dated, ...before.messages.slice(1)] })!;
    expect(found).toMatchObject({ at: { message: 0, role: 'system' }, what: 'changed' });
    expect(found.advice).toContain('last message');
  });

  test('finds a dropped message, and an inserted one', () => {
    const [, ...rest] = before.messages;
    const dropped = [system, ...rest.slice(1)];
    expect(lintPrefix(before, { ...before, messages: dropped })).toMatchObject({
      at: { message: 1 },
      what: 'removed',
    });
    const inserted = [system, agent('(retrieved)'), ...rest];
    expect(lintPrefix(before, { ...before, messages: inserted })).toMatchObject({
      at: { message: 1 },
      what: 'inserted',
    });
  });

  test('advice never quotes the conversation', () => {
    const said = { ...before, messages: [system, user('my secret')] };
    const found = lintPrefix(said, { ...before, messages: [system, user('my other secret')] })!;
    expect(found.advice).not.toContain('secret');
  });
});

test('tools are sorted by name, whatever their order', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(['c', 'a', 'b', 'd'], { minLength: 4 }), (names) => {
      expect(stableTools(names.map(tool)).map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd']);
    }),
  );
});

describe('trimming', () => {
  const count = (text: string) => text.length;
  const talk = (turns: number): ChatMessage[] =>
    Array.from({ length: turns }, (_, i) => [user(`question ${i}`), agent(`answer ${i}`)]).flat();
  const trim = (messages: ChatMessage[], maxPromptTokens = 1_000) =>
    trimHistory({ messages: [system, ...messages] }, { maxPromptTokens, count }).messages;

  test('leaves a short history unchanged', () => {
    const request = { messages: [system, ...talk(2)] };
    expect(trimHistory(request, { maxPromptTokens: 1_000, count })).toBe(request);
  });

  test('the instructions and the last turn stay, even when they alone are too long', () => {
    expect(trim(talk(5), 10)).toEqual([system, ...talk(5).slice(-2)]);
  });

  test('the kept part fits, and starts with a user message', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 60 }), (turns) => {
        const kept = trim(talk(turns));
        expect(JSON.stringify(kept.slice(1)).length).toBeLessThanOrEqual(1_000);
        expect(kept[1]!.role).toBe('user');
      }),
    );
  });

  test('the prefix rarely breaks over a long call', () => {
    let breaks = 0;
    for (let turns = 2; turns <= 60; turns += 1) {
      const [before, now] = [trim(talk(turns - 1)), trim(talk(turns))];
      if (lintPrefix({ messages: before }, { messages: now })) breaks += 1;
    }
    expect(breaks).toBeGreaterThan(0);
    expect(breaks).toBeLessThanOrEqual(12);
  });

  test('a tool result always stays with its call', () => {
    const call = { id: '1', name: 'a', arguments: '{}' };
    const withTool = [
      user('one'),
      { role: 'assistant' as const, content: '', toolCalls: [call] },
      { role: 'tool' as const, toolCallId: '1', content: 'x'.repeat(300) },
      agent('done'),
    ];
    const kept = trim([...withTool, ...talk(8)], 600);
    expect(kept.some(({ role }) => role === 'tool')).toBe(kept.some(({ toolCalls }) => toolCalls));
  });
});
