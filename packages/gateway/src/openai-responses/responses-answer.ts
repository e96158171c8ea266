import type { ChatEvent, RequestTrace } from '@firstword/llm';
import type { RequestFailure } from '../answer/failure.js';
import type { ConversationStore } from './conversation-store.js';
import type { OpenAiResponsesRequest } from './read.js';
import { type ResponseEvent, ResponseEvents } from './response-events.js';

/** One answer of the Responses API: its events, and its place in the stored conversations. */
export class ResponsesAnswer {
  readonly #request: OpenAiResponsesRequest;
  readonly #trace: RequestTrace;
  readonly #conversations: ConversationStore;
  #events: ResponseEvents | undefined;

  constructor(options: {
    request: OpenAiResponsesRequest;
    trace: RequestTrace;
    conversations: ConversationStore;
  }) {
    this.#request = options.request;
    this.#trace = options.trace;
    this.#conversations = options.conversations;
  }

  /** The events for one event of the router; the first ones come with the first part of the answer. */
  add(event: ChatEvent): ResponseEvent[] {
    return [...this.#start(), ...this.#begun().add(event)];
  }

  /** The events that end the answer. The conversation can be continued from here. */
  end(): ResponseEvent[] {
    const first = this.#start();
    const events = this.#begun();
    events.setServiceTier(this.#trace.serviceTier);
    const last = events.end();
    const { body, conversation } = this.#request;
    if (body.store !== false)
      this.#conversations.write(events.id, [...conversation, events.message], events.output);
    return [...first, ...last];
  }

  /** The event that ends an answer that has failed after it had begun. */
  fail({ code, message }: RequestFailure): ResponseEvent[] {
    const known = code === 'rate_limited' ? 'rate_limit_exceeded' : 'server_error';
    return [...this.#start(), ...this.#begun().fail({ code: known, message })];
  }

  /** The whole response; ends the answer. */
  whole(): object {
    return this.end().at(-1)!.response as object;
  }

  #begun(): ResponseEvents {
    this.#events ??= new ResponseEvents(this.#request.body, {
      model: this.#trace.model,
      createdS: Math.floor(Date.now() / 1_000),
    });
    return this.#events;
  }

  #start(): ResponseEvent[] {
    return this.#events ? [] : this.#begun().start();
  }
}
