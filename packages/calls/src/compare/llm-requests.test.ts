import type { ChatEvent, ChatRequest, ChatStream, LanguageModel } from '@firstword/llm';
import { expect, it } from 'vitest';
import { type RecordedRequest, recordingRequests } from './llm-requests.js';

/** A model that says two words, and what was asked of it. */
function twoWords() {
  const cancelled: boolean[] = [];
  const chat = (): ChatStream => ({
    trace: { provider: 'p', model: 'm' } as ChatStream['trace'],
    cancel: () => cancelled.push(true),
    async *[Symbol.asyncIterator](): AsyncGenerator<ChatEvent> {
      yield { type: 'reasoning', text: 'hm' };
      yield { type: 'text', text: 'Yes, ' };
      yield { type: 'text', text: 'please.' };
      yield { type: 'finish', reason: 'stop' };
    },
  });
  const model: LanguageModel = {
    provider: 'p',
    model: 'm',
    chat,
    warm: async () => {},
    close: async () => {},
  };
  return { model, cancelled };
}

const REQUEST: ChatRequest = {
  messages: [
    { role: 'user', content: 'Hello.' },
    { role: 'assistant', content: 'Hi.' },
    { role: 'user', content: [{ type: 'text', text: 'A table?' }] },
    { role: 'tool', content: '{}', toolCallId: '1' },
  ],
};

it('notes the last words asked about and the text as it comes, and changes nothing', async () => {
  const asked: RecordedRequest[] = [];
  const stream = recordingRequests(twoWords().model, asked).chat(REQUEST);
  expect(asked).toEqual([{ words: 'A table?', text: '' }]);
  const types: string[] = [];
  for await (const event of stream) {
    types.push(event.type);
    if (types.length === 2) expect(asked[0]!.text).toBe('Yes, ');
  }
  expect(types).toEqual(['reasoning', 'text', 'text', 'finish']);
  expect(asked[0]!.text).toBe('Yes, please.');
  expect(stream.trace.model).toBe('m');
});

it('keeps what was written by a request that was cancelled', async () => {
  const asked: RecordedRequest[] = [];
  const { model, cancelled } = twoWords();
  const stream = recordingRequests(model, asked).chat({ messages: [] });
  for await (const event of stream) if (event.type === 'text') break;
  stream.cancel();
  expect(asked).toEqual([{ words: '', text: 'Yes, ' }]);
  expect(cancelled).toEqual([true]);
});
