import type { Dialect } from '../answer/dialect.js';
import { OpenAiCollector } from './collector.js';
import { openAiError } from './error.js';
import { type OpenAiChatRequest, readOpenAiChat } from './read.js';
import { OpenAiWriter } from './writer.js';

/** OpenAI's chat completions. */
export const openAiChat: Dialect<OpenAiChatRequest> = {
  name: 'openai-chat',
  // The second is for clients whose base URL has no /v1, such as custom LLM URLs of hosted voice platforms.
  paths: ['/v1/chat/completions', '/chat/completions'],
  requestIdHeader: 'x-request-id',
  read: readOpenAiChat,
  writer: ({ includeUsage }, trace) => new OpenAiWriter({ includeUsage, trace }),
  collector: (_request, trace) => new OpenAiCollector(trace),
  errorBody: openAiError,
};
