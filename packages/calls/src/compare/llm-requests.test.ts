import type { ChatEvent, ChatRequest, ChatStream, LanguageModel } from '@firstword/llm';
import { expect, it } from 'vitest';
import { type RecordedRequest, recordingRequests } from './llm-requests.js';

/** A model that answers with two words. */
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

it('records the last user message and the answer as it streams, without changing the stream', async () => {
  const requests: RecordedRequest[] = [];
  const stream = recordingRequests(twoWords().model, requests).chat(REQUEST);
  expect(requests).toEqual([{ userText: 'A table?', answerText: '' }]);
  const types: string[] = [];
  for await (const event of stream) {
    types.push(event.type);
    if (types.length === 2) expect(requests[0]!.answerText).toBe('Yes, ');
  }
  expect(types).toEqual(['reasoning', 'text', 'text', 'finish']);
  expect(requests[0]!.answerText).toBe('Yes, please.');
  expect(stream.trace.model).toBe('m');
});

it('keeps the partial answer of a cancelled request', async () => {
  const requests: RecordedRequest[] = [];
  const { model, cancelled } = twoWords();
  const stream = recordingRequests(model, requests).chat({ messages: [] });
  for await (const event of stream) if (event.type === 'text') break;
  stream.cancel();
  expect(requests).toEqual([{ userText: '', answerText: 'Yes, ' }]);
  expect(cancelled).toEqual([true]);
});
