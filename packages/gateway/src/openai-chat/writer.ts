import type { ChatEvent, ChatFrame, RequestTrace } from '@firstword/llm';
import type { AnswerWriter } from '../answer/dialect.js';
import type { RequestFailure } from '../answer/failure.js';
import type { JsonFields } from '../answer/fields.js';
import { sseText } from '../answer/sse.js';
import { OpenAiChunks } from './chunks.js';
import { openAiError } from './error.js';

/** Writes a streaming chat completion. */
export class OpenAiWriter implements AnswerWriter {
  readonly #chunks: OpenAiChunks;
  readonly #trace: RequestTrace;
  readonly #includeUsage: boolean;
  #wroteUsage = false;

  constructor(options: { includeUsage: boolean; trace: RequestTrace }) {
    this.#includeUsage = options.includeUsage;
    this.#trace = options.trace;
    this.#chunks = new OpenAiChunks(options.trace);
  }

  write(event: ChatEvent): string {
    if (event.type === 'frame') return this.#pass(event);
    return this.#chunks
      .of(event)
      .map((chunk) => sseText(JSON.stringify(chunk)))
      .join('');
  }

  end(): string {
    const { usage } = this.#trace;
    const isMissing = this.#includeUsage && !this.#wroteUsage && usage !== undefined;
    return `${isMissing ? sseText(JSON.stringify(this.#chunks.usage(usage))) : ''}data: [DONE]\n\n`;
  }

  error(failure: RequestFailure): string {
    return sseText(JSON.stringify(openAiError(failure)));
  }

  #pass({ sse, events }: ChatFrame): string {
    if (!sse) return '';
    if (events.some(({ type }) => type === 'usage')) {
      const isUsageOnly = hasNoChoices(sse.data);
      // The gateway always asks for the usage, because it counts tokens; a client that has not asked gets no such chunk.
      if (isUsageOnly && !this.#includeUsage) return '';
      if (isUsageOnly) this.#wroteUsage = true;
    }
    this.#chunks.notePassed(sse.data);
    return sseText(sse.data, sse.event);
  }
}

function hasNoChoices(data: string): boolean {
  const { choices } = JSON.parse(data) as JsonFields;
  return !Array.isArray(choices) || choices.length === 0;
}
