import type { Usage } from '../../chat.js';
import { badStream } from '../bad-stream.js';
import { failureFromBody } from '../failure.js';
import { parseEvent } from '../parse-event.js';
import { ToolCallAssembler } from '../tool-calls.js';
import type { SseEvent, WireReader, WireSignal } from '../wire.js';

interface AnthropicUsage {
  input_tokens?: number | null;
  output_tokens?: number | null;
  cache_read_input_tokens?: number | null;
  cache_creation_input_tokens?: number | null;
  service_tier?: string | null;
}

/** The fields of Anthropic's stream events that are used here. */
interface AnthropicEvent {
  type?: string;
  index?: number;
  message?: { usage?: AnthropicUsage };
  content_block?: { type?: string; id?: string; name?: string; text?: string };
  delta?: {
    type?: string;
    text?: string;
    thinking?: string;
    partial_json?: string;
    stop_reason?: string | null;
  };
  usage?: AnthropicUsage;
  error?: unknown;
}

/** Anthropic's stop reasons, mapped to OpenAI's finish reasons. */
export const FINISH: Record<string, string> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  tool_use: 'tool_calls',
  refusal: 'content_filter',
};

/** Converts Anthropic's usage. */
export function anthropicUsage(usage: AnthropicUsage): Usage {
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

/** Reads a streaming message. */
export class AnthropicReader implements WireReader {
  readonly #provider: string;
  readonly #calls: ToolCallAssembler;
  #ended = false;

  constructor(options: { provider: string }) {
    this.#provider = options.provider;
    this.#calls = new ToolCallAssembler(options);
  }

  read({ data }: SseEvent): WireSignal[] {
    const event = parseEvent(data, this.#provider) as AnthropicEvent;
    if (event.type === 'error')
      throw failureFromBody({ provider: this.#provider, body: event.error ?? event });
    const signals: WireSignal[] = [];
    if (event.type === 'message_start' && event.message?.usage) {
      const { usage } = event.message;
      signals.push({ type: 'usage', usage: anthropicUsage(usage) });
      if (usage.service_tier) signals.push({ type: 'served', served: { serviceTier: usage.service_tier } });
    }
    if (event.type === 'content_block_start') this.#begin(event, signals);
    if (event.type === 'content_block_delta') this.#delta(event, signals);
    if (event.type === 'content_block_stop') this.#flush(signals);
    if (event.type === 'message_delta') this.#messageDelta(event, signals);
    if (event.type === 'message_stop') {
      this.#ended = true;
      signals.push({ type: 'end' });
    }
    return signals;
  }

  end(): WireSignal[] {
    if (!this.#ended) throw badStream(this.#provider, 'the connection ended before the answer did');
    return [];
  }

  #begin({ content_block: block, index }: AnthropicEvent, signals: WireSignal[]): void {
    if (block?.type === 'tool_use') {
      signals.push({ type: 'toolCallDelta' });
      this.#calls.add({ index: index ?? null, id: block.id ?? null, name: block.name ?? null });
    } else if (block?.text) signals.push({ type: 'text', text: block.text });
  }

  #delta({ delta, index }: AnthropicEvent, signals: WireSignal[]): void {
    if (delta?.text) signals.push({ type: 'text', text: delta.text });
    if (delta?.thinking) signals.push({ type: 'reasoning', text: delta.thinking });
    if (delta?.partial_json) {
      this.#calls.add({ index: index ?? null, text: delta.partial_json });
      signals.push({ type: 'toolCallDelta' });
    }
  }

  #messageDelta({ delta, usage }: AnthropicEvent, signals: WireSignal[]): void {
    this.#flush(signals);
    if (delta?.stop_reason) {
      signals.push({ type: 'finish', reason: FINISH[delta.stop_reason] ?? delta.stop_reason });
    }
    if (usage) signals.push({ type: 'usage', usage: anthropicUsage(usage) });
  }

  #flush(signals: WireSignal[]): void {
    const call = this.#calls.flush();
    if (call) signals.push({ type: 'toolCall', call });
  }
}
