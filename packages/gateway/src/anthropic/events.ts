import type { ChatEvent, ChatFrame, RequestTrace, Usage } from '@firstword/llm';
import { isFields, type JsonFields } from '../answer/fields.js';

/** One event of a message stream. */
export type MessageEvent = JsonFields & { type: string };

const STOP_REASONS: Record<string, string> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool_calls: 'tool_use',
  content_filter: 'refusal',
  // An answer that broke: to every client it is then incomplete text. The event says `cut_short` besides.
  cut_short: 'max_tokens',
};

/** The usage, as Anthropic reports it: without the cached tokens in `input_tokens`. */
export function anthropicUsage(usage: Usage): JsonFields {
  const { promptTokens = 0, completionTokens = 0, cachedTokens, cacheWriteTokens } = usage;
  return {
    input_tokens: Math.max(0, promptTokens - (cachedTokens ?? 0) - (cacheWriteTokens ?? 0)),
    output_tokens: completionTokens,
    ...(cachedTokens === undefined ? {} : { cache_read_input_tokens: cachedTokens }),
    ...(cacheWriteTokens === undefined ? {} : { cache_creation_input_tokens: cacheWriteTokens }),
  };
}

/** Writes events as a message stream: those of models with another API, and those of the router itself. */
export class MessageEvents {
  readonly #trace: RequestTrace;
  #begun = false;
  #blocks = 0;
  #open: 'text' | 'other' | undefined;
  #stop: { reason: string; isCut: boolean } | undefined;
  #passedStop = false;

  constructor(trace: RequestTrace) {
    this.#trace = trace;
  }

  /** A frame of the provider's is passed on: later events belong to the same message. */
  notePassed({ sse }: ChatFrame): void {
    this.#begun = true;
    // Only the few events around a block are parsed.
    const type = sse?.event;
    if (type === 'message_delta') this.#passedStop = true;
    if (type === 'content_block_stop') this.#open = undefined;
    if (type !== 'content_block_start') return;
    const { index, content_block: block } = JSON.parse(sse!.data) as JsonFields;
    this.#blocks = typeof index === 'number' ? index + 1 : this.#blocks + 1;
    this.#open = isFields(block) && block.type === 'text' ? 'text' : 'other';
  }

  /** The stream events for one event of a model. */
  of(event: ChatEvent): MessageEvent[] {
    switch (event.type) {
      case 'text':
        return [
          ...this.#openText(),
          this.#blockEvent('content_block_delta', { delta: { type: 'text_delta', text: event.text } }),
        ];
      case 'toolCall':
        return this.#toolUse(event.call);
      case 'finish':
        this.#stop = {
          reason: STOP_REASONS[event.reason] ?? event.reason,
          isCut: event.reason === 'cut_short',
        };
        return [];
      default:
        return [];
    }
  }

  /** The events that end the message. Its usage is known only then. */
  end(): MessageEvent[] {
    const stop = this.#stop;
    const ending: MessageEvent[] = [];
    if (stop && !this.#passedStop) {
      ending.push(...this.#begin(), ...this.#close(), {
        type: 'message_delta',
        delta: { stop_reason: stop.reason, stop_sequence: null },
        usage: anthropicUsage(this.#trace.usage ?? {}),
        ...(stop.isCut ? { firstword: { finish_reason: 'cut_short' } } : {}),
      });
    }
    return [...ending, { type: 'message_stop' }];
  }

  #toolUse({ id, name, arguments: args }: { id: string; name: string; arguments: string }): MessageEvent[] {
    return [
      ...this.#openBlock({ type: 'tool_use', id, name, input: {} }),
      this.#blockEvent('content_block_delta', { delta: { type: 'input_json_delta', partial_json: args } }),
      ...this.#close(),
    ];
  }

  #openText(): MessageEvent[] {
    return this.#open === 'text' ? [] : this.#openBlock({ type: 'text', text: '' });
  }

  #openBlock(block: JsonFields): MessageEvent[] {
    const before = [...this.#begin(), ...this.#close()];
    this.#blocks += 1;
    this.#open = block.type === 'text' ? 'text' : 'other';
    return [...before, this.#blockEvent('content_block_start', { content_block: block })];
  }

  #close(): MessageEvent[] {
    if (!this.#open) return [];
    this.#open = undefined;
    return [this.#blockEvent('content_block_stop', {})];
  }

  #blockEvent(type: string, fields: JsonFields): MessageEvent {
    return { type, index: this.#blocks - 1, ...fields };
  }

  #begin(): MessageEvent[] {
    if (this.#begun) return [];
    this.#begun = true;
    const message = {
      id: `msg_${crypto.randomUUID().replaceAll('-', '')}`,
      type: 'message',
      role: 'assistant',
      model: this.#trace.model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      // Models with another API report their usage at the end.
      usage: anthropicUsage(this.#trace.usage ?? {}),
    };
    return [{ type: 'message_start', message }];
  }
}
