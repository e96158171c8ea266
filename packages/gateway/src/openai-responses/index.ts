import type { RequestTrace } from '@firstword/llm';
import type { AnswerCollector, AnswerWriter, Dialect } from '../answer/dialect.js';
import type { RequestFailure } from '../answer/failure.js';
import { sseText } from '../answer/sse.js';
import { openAiError } from '../openai-chat/error.js';
import { ConversationStore } from './conversation-store.js';
import { type OpenAiResponsesRequest, readOpenAiResponses } from './read.js';
import type { ResponseEvent } from './response-events.js';
import { ResponsesAnswer } from './responses-answer.js';

const toSse = (events: readonly ResponseEvent[]): string =>
  events.map((event) => sseText(JSON.stringify(event), event.type)).join('');

function writerOf(answer: ResponsesAnswer): AnswerWriter {
  return {
    write: (event) => toSse(answer.add(event)),
    end: () => toSse(answer.end()),
    error: (failure: RequestFailure) => toSse(answer.fail(failure)),
  };
}

function collectorOf(answer: ResponsesAnswer): AnswerCollector {
  return {
    add: (event) => {
      answer.add(event);
    },
    body: () => answer.whole(),
  };
}

/**
 * OpenAI's Responses API.
 * @param conversations those that clients continue with `previous_response_id`; default: a store of its own
 */
export function openAiResponses(
  conversations: ConversationStore = new ConversationStore(),
): Dialect<OpenAiResponsesRequest> {
  const answerTo = (request: OpenAiResponsesRequest, trace: RequestTrace) =>
    new ResponsesAnswer({ request, trace, conversations });
  return {
    name: 'openai-responses',
    paths: ['/v1/responses', '/responses'],
    requestIdHeader: 'x-request-id',
    read: (body) => readOpenAiResponses(body, conversations),
    writer: (request, trace) => writerOf(answerTo(request, trace)),
    collector: (request, trace) => collectorOf(answerTo(request, trace)),
    errorBody: openAiError,
  };
}
