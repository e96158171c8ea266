import type { ChatEvent, RequestTrace } from '@firstword/llm';
import type { AnswerWriter } from '../answer/dialect.js';
import type { RequestFailure } from '../answer/failure.js';
import { sseText } from '../answer/sse.js';
import { anthropicError } from './error.js';
import { type MessageEvent, MessageEvents } from './events.js';

const eventText = (event: MessageEvent) => sseText(JSON.stringify(event), event.type);

/** Writes a streaming message. */
export class AnthropicWriter implements AnswerWriter {
  readonly #events: MessageEvents;

  constructor(trace: RequestTrace) {
    this.#events = new MessageEvents(trace);
  }

  write(event: ChatEvent): string {
    if (event.type !== 'frame') return this.#events.of(event).map(eventText).join('');
    if (!event.sse) return '';
    this.#events.notePassed(event);
    return sseText(event.sse.data, event.sse.event);
  }

  end(): string {
    return this.#events.end().map(eventText).join('');
  }

  error(failure: RequestFailure): string {
    return sseText(JSON.stringify(anthropicError(failure)), 'error');
  }
}
