import { expect, test } from 'vitest';
import type { ToolCall } from '../../chat.js';
import { GeminiReader } from './reader.js';
import { geminiBody } from './request.js';

const answer = (parts: object[]) => ({ candidates: [{ content: { parts }, finishReason: 'STOP' }] });

/** The calls of an answer as plain copies, as after a session has stored them: id, name and arguments. */
function callsOf(parts: object[]): ToolCall[] {
  return new GeminiReader({ provider: 'gemini' })
    .readJson(answer(parts))
    .flatMap((signal) => (signal.type === 'toolCall' ? [structuredClone(signal.call)] : []));
}

/** The parts of its own message that are sent back to the model. */
function sentBack(toolCalls: ToolCall[], model = 'gemini-3-flash-preview') {
  const { contents } = geminiBody(model, {
    messages: [
      { role: 'user', content: 'A table for four' },
      { role: 'assistant', content: '', toolCalls },
      ...toolCalls.map(({ id }) => ({ role: 'tool' as const, toolCallId: id, content: '{}' })),
    ],
  }) as { contents: { role: string; parts: { thoughtSignature?: string }[] }[] };
  return contents.find(({ role }) => role === 'model')!.parts;
}

const call = (name: string) => ({ functionCall: { name, args: {} } });

test('a signature comes back with its call', () => {
  const calls = callsOf([{ ...call('find_table'), thoughtSignature: 'c2lnbmVk' }]);
  expect(sentBack(calls)).toEqual([{ ...call('find_table'), thoughtSignature: 'c2lnbmVk' }]);
});

test('of parallel calls, only the signed one has a signature', () => {
  const calls = callsOf([{ ...call('a'), thoughtSignature: 'b25l' }, call('b')]);
  expect(sentBack(calls).map(({ thoughtSignature }) => thoughtSignature)).toEqual(['b25l', undefined]);
});

test('each step of a turn keeps its own signature', () => {
  const first = callsOf([{ ...call('a'), thoughtSignature: 'b25l' }]);
  const second = callsOf([{ ...call('a'), thoughtSignature: 'dHdv' }]);
  expect(sentBack(first)[0]!.thoughtSignature).toBe('b25l');
  expect(sentBack(second)[0]!.thoughtSignature).toBe('dHdv');
});

test('a call that another model made gets the placeholder for Gemini 3, and none for other models', () => {
  const foreign = [{ id: 'call_of_groq', name: 'a', arguments: '{}' }];
  expect(sentBack(foreign)[0]!.thoughtSignature).toBe('skip_thought_signature_validator');
  expect(sentBack(foreign, 'gemini-2.5-flash')[0]).not.toHaveProperty('thoughtSignature');
});
