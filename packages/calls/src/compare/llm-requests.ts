import type { ChatMessage, ChatStream, LanguageModel } from '@firstword/llm';

/** One request to the model, by its own account: the words that it was asked about, and what it wrote so far. */
export interface RecordedRequest {
  words: string;
  text: string;
}

function textOf({ content }: ChatMessage): string {
  if (typeof content === 'string') return content;
  return content.map((part) => (part.type === 'text' ? part.text : '')).join(' ');
}

function noted(stream: ChatStream, asked: RecordedRequest): ChatStream {
  return {
    get trace() {
      return stream.trace;
    },
    cancel: () => stream.cancel(),
    async *[Symbol.asyncIterator]() {
      for await (const event of stream) {
        if (event.type === 'text') asked.text += event.text;
        yield event;
      }
    },
  };
}

/** The same model, recordingRequests what it is asked and what it answers: closer to the truth than what the agent says of itself. */
export function recordingRequests(model: LanguageModel, asked: RecordedRequest[]): LanguageModel {
  return {
    provider: model.provider,
    model: model.model,
    chat: (request, options) => {
      const last = request.messages.findLast((message) => message.role === 'user');
      const note: RecordedRequest = { words: last ? textOf(last) : '', text: '' };
      asked.push(note);
      return noted(model.chat(request, options), note);
    },
    warm: (options) => model.warm(options),
    close: () => model.close(),
  };
}
