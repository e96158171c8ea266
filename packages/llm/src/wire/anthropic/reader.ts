import type { Usage } from '../../chat.js';
import { badStream } from '../bad-stream.js';
import { failureFromBody } from '../failure.js';
import { parseEvent } from '../parse-event.js';
import { checked, jsonText } from '../schema.js';
import { ToolCallAssembler } from '../tool-calls.js';
import type { ReaderContext, SseEvent, WireReader, WireSignal } from '../wire.js';
import {
  type AnthropicBlock,
  type AnthropicEvent,
  type AnthropicUsage,
  anthropicEvent,
  anthropicMessage,
} from './event.js';

/** Anthropic's stop reasons, mapped to OpenAI's finish reasons. */
const FINISH = new Map([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['max_tokens', 'length'],
  ['tool_use', 'tool_calls'],
  ['refusal', 'content_filter'],
]);

/** Converts Anthropic's usage. */
function usageOf(usage: AnthropicUsage): Usage {
  const { input_tokens: fresh, output_tokens: answer, cache_read_input_tokens: cached } = usage;
  const written = usage.cache_creation_input_tokens;
  return {
    // Anthropic's input tokens exclude the cached ones; other providers include them.
    ...(typeof fresh === 'number' ? { promptTokens: fresh + (cached ?? 0) + (written ?? 0) } : {}),
    ...(typeof answer === 'number' ? { completionTokens: answer } : {}),
    ...(typeof cached === 'number' ? { cachedTokens: cached } : {}),
    ...(typeof written === 'number' ? { cacheWriteTokens: written } : {}),
  };
}

/** Reads a message, streaming or whole. */
export class AnthropicReader implements WireReader {
  readonly #provider: string;
  readonly #calls: ToolCallAssembler;
  #ended = false;

  constructor(context: ReaderContext) {
    this.#provider = context.provider;
    this.#calls = new ToolCallAssembler(context);
  }

  read({ data }: SseEvent): WireSignal[] {
    const json = parseEvent(data, this.#provider);
    if (json.type === 'error') throw failureFromBody({ provider: this.#provider, body: json.error ?? json });
    const event = checked(anthropicEvent, json, this.#provider);
    if (event.type === 'message_start') return startSignals(event);
    if (event.type === 'content_block_start' && event.content_block)
      return this.#begin(event.content_block, event.index);
    if (event.type === 'content_block_delta') return this.#delta(event);
    if (event.type === 'content_block_stop') return this.#calls.finish(event.index);
    if (event.type === 'message_delta') return this.#finish(event.delta?.stop_reason, event.usage);
    if (event.type !== 'message_stop') return [];
    this.#ended = true;
    return [{ type: 'end' }];
  }

  end(): WireSignal[] {
    if (!this.#ended) throw badStream(this.#provider, 'the connection ended before the answer did');
    return [];
  }

  /** The signals of a whole message. */
  readMessage(json: unknown): WireSignal[] {
    const message = checked(anthropicMessage, json, this.#provider);
    const signals = message.content.flatMap((block, index) => this.#begin(block, index));
    return [...signals, ...this.#finish(message.stop_reason ?? 'end_turn', message.usage), { type: 'end' }];
  }

  #begin(block: AnthropicBlock, index: number | null | undefined): WireSignal[] {
    if (block.type !== 'tool_use') return block.text ? [{ type: 'text', text: block.text }] : [];
    const hasInput = Object.keys(block.input ?? {}).length > 0;
    const text = hasInput ? jsonText(block.input, this.#provider) : undefined;
    const calls = this.#calls.add({ index, id: block.id, name: block.name, text });
    return [...calls, { type: 'toolCallDelta' }];
  }

  #delta({ delta, index }: AnthropicEvent): WireSignal[] {
    if (delta?.thinking) return [{ type: 'reasoning', text: delta.thinking }];
    if (delta?.text) return [{ type: 'text', text: delta.text }];
    if (!delta?.partial_json) return [];
    return [...this.#calls.add({ index, text: delta.partial_json }), { type: 'toolCallDelta' }];
  }

  #finish(reason: string | undefined, usage: AnthropicEvent['usage']): WireSignal[] {
    return [
      ...this.#calls.finish(),
      ...(reason ? [{ type: 'finish', reason: FINISH.get(reason) ?? reason } as const] : []),
      ...(usage ? [{ type: 'usage', usage: usageOf(usage) } as const] : []),
    ];
  }
}

function startSignals({ message }: AnthropicEvent): WireSignal[] {
  if (!message?.usage) return [];
  const { service_tier: serviceTier } = message.usage;
  return [
    { type: 'usage', usage: usageOf(message.usage) },
    ...(serviceTier ? [{ type: 'served', served: { serviceTier } } as const] : []),
  ];
}
