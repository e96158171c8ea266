import type { ChatMessage, ChatStream, LanguageModel } from '@firstword/llm';

/** One LLM request: the text of the last user message, and the answer text received so far. */
export interface RecordedRequest {
  /** The text of the last user message; empty without one. */
  userText: string;
  /** The answer text received so far. */
  answerText: string;
}

function textOf({ content }: ChatMessage): string {
  if (typeof content === 'string') return content;
  return content.map((part) => (part.type === 'text' ? part.text : '')).join(' ');
}

function recorded(stream: ChatStream, request: RecordedRequest): ChatStream {
  return {
    get trace() {
      return stream.trace;
    },
    cancel: () => stream.cancel(),
    async *[Symbol.asyncIterator]() {
      for await (const event of stream) {
        if (event.type === 'text') request.answerText += event.text;
        yield event;
      }
    },
  };
}

/**
 * Wraps a model so that every request and its answer are appended to `requests`. This is independent of the agent's own
 * records, which it is used to verify.
 */
export function recordingRequests(model: LanguageModel, requests: RecordedRequest[]): LanguageModel {
  return {
    provider: model.provider,
    model: model.model,
    chat: (request, options) => {
      const last = request.messages.findLast((message) => message.role === 'user');
      const recordedRequest: RecordedRequest = { userText: last ? textOf(last) : '', answerText: '' };
      requests.push(recordedRequest);
      return recorded(model.chat(request, options), recordedRequest);
    },
    warm: (options) => model.warm(options),
    close: () => model.close(),
  };
}
