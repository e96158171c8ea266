import type { Dialect } from '../answer/dialect.js';
import { AnthropicCollector } from './collector.js';
import { anthropicError } from './error.js';
import { readAnthropicMessages } from './read.js';
import { AnthropicWriter } from './writer.js';

/** Anthropic's Messages API. */
export const anthropicMessages: Dialect = {
  name: 'anthropic-messages',
  paths: ['/v1/messages'],
  requestIdHeader: 'request-id',
  read: readAnthropicMessages,
  writer: (_request, trace) => new AnthropicWriter(trace),
  collector: (_request, trace) => new AnthropicCollector(trace),
  errorBody: anthropicError,
};
