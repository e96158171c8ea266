import type { ChatEvent, RequestTrace } from '@firstword/llm';
import type { AnswerCollector } from '../answer/dialect.js';
import { isFields, type JsonFields } from '../answer/fields.js';
import { MessageEvents } from './events.js';

/** Appends text to a field. */
function append(block: JsonFields, field: string, text: unknown): void {
  if (typeof text === 'string') block[field] = `${block[field] ?? ''}${text}`;
}

function addDelta(block: JsonFields, delta: JsonFields): void {
  switch (delta.type) {
    case 'text_delta':
      append(block, 'text', delta.text);
      break;
    case 'thinking_delta':
      append(block, 'thinking', delta.thinking);
      break;
    case 'signature_delta':
      block.signature = delta.signature;
      break;
    case 'input_json_delta':
      append(block, 'partial_json', delta.partial_json);
      break;
    case 'citations_delta':
      block.citations = [...(Array.isArray(block.citations) ? block.citations : []), delta.citation];
      break;
  }
}

/** The block with its input parsed. */
function finished({ partial_json: json, ...block }: JsonFields): JsonFields {
  return typeof json === 'string' && json !== '' ? { ...block, input: JSON.parse(json) } : block;
}

/** Collects a message stream into a whole message. */
export class AnthropicCollector implements AnswerCollector {
  readonly #events: MessageEvents;
  readonly #blocks: JsonFields[] = [];
  #message: JsonFields = {};

  constructor(trace: RequestTrace) {
    this.#events = new MessageEvents(trace);
  }

  add(event: ChatEvent): void {
    if (event.type !== 'frame') for (const each of this.#events.of(event)) this.#addEvent(each);
    else if (event.sse) {
      this.#events.notePassed(event);
      this.#addEvent(JSON.parse(event.sse.data) as JsonFields);
    }
  }

  body(): object {
    for (const event of this.#events.end()) this.#addEvent(event);
    return { type: 'message', role: 'assistant', ...this.#message, content: this.#blocks.map(finished) };
  }

  #addEvent(event: JsonFields): void {
    const index = Number(event.index);
    if (event.type === 'message_start' && isFields(event.message)) this.#message = { ...event.message };
    else if (event.type === 'content_block_start' && isFields(event.content_block))
      this.#blocks[index] = { ...event.content_block };
    else if (event.type === 'content_block_delta' && isFields(event.delta) && this.#blocks[index])
      addDelta(this.#blocks[index], event.delta);
    else if (event.type === 'message_delta') {
      const { type: _type, delta, usage, ...others } = event;
      const used = { ...(this.#message.usage as JsonFields | undefined), ...(isFields(usage) ? usage : {}) };
      this.#message = { ...this.#message, ...(isFields(delta) ? delta : {}), ...others, usage: used };
    }
  }
}
