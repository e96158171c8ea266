import { expect, test } from 'vitest';
import type { ChatRequest } from '../../chat.js';
import { isSameRequest, requestKey } from './request-key.js';

const asking = (content: string, more: Partial<ChatRequest> = {}): ChatRequest => ({
  messages: [{ role: 'user', content }],
  ...more,
});

/** Compares as the router does: the key first, then the whole request. */
const same = (a: ChatRequest, b: ChatRequest) => requestKey(a) === requestKey(b) && isSameRequest(a, b);

test('case, punctuation and white space do not matter', () => {
  expect(same(asking('book a table'), asking('Book  a table.'))).toBe(true);
  expect(same(asking("that's fine"), asking('thats fine'))).toBe(true);
});

test('words matter', () => {
  expect(same(asking('a table for two'), asking('a table for ten'))).toBe(false);
  expect(same(asking('at 3.50'), asking('at 350'))).toBe(false);
  expect(same(asking('कब'), asking('कल'))).toBe(false);
});

test('tools and settings matter', () => {
  const tools = [{ name: 'book', parameters: {} }];
  expect(same(asking('hi'), asking('hi', { tools }))).toBe(false);
  expect(same(asking('hi'), asking('hi', { temperature: 1 }))).toBe(false);
});

test('compares the history exactly', () => {
  const after = (content: string): ChatRequest => ({
    messages: [
      { role: 'user', content },
      { role: 'user', content: 'Yes' },
    ],
  });
  expect(same(after('two'), after('three'))).toBe(false);
  expect(same(after('two'), after('two'))).toBe(true);
});

test('compares system messages exactly', () => {
  const system = (content: string): ChatRequest => ({ messages: [{ role: 'system', content }] });
  expect(same(system('Be kind.'), system('be kind'))).toBe(false);
});
