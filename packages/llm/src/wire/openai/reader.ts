import { badStream } from '../bad-stream.js';
import { failureFromBody } from '../failure.js';
import { parseEvent } from '../parse-event.js';
import { checked, jsonText } from '../schema.js';
import { ToolCallAssembler } from '../tool-calls.js';
import type { ReaderContext, SseEvent, WireReader, WireSignal } from '../wire.js';
import { type Choice, type Chunk, chunkSchema, type Delta } from './chunk.js';
import { spokenText } from './content.js';
import { plainText } from './plain-text.js';
import { readProviderTime, readServed, readUsage } from './usage.js';

/** Reads a streaming chat completion. */
export class OpenAiReader implements WireReader {
  readonly #provider: string;
  readonly #calls: ToolCallAssembler;
  #tier: string | undefined;
  #finished = false;
  #ended = false;

  constructor(context: ReaderContext) {
    this.#provider = context.provider;
    this.#calls = new ToolCallAssembler(context);
  }

  read({ event, data }: SseEvent): WireSignal[] {
    if (this.#ended) return [];
    if (data.trim() === '[DONE]') return this.#done();
    const chunk = parseEvent(data, this.#provider);
    // Most providers repeat the tier in every chunk.
    const { service_tier: tier } = chunk;
    if (typeof tier === 'string' && tier === this.#tier) chunk.service_tier = null;
    else if (typeof tier === 'string') this.#tier = tier;
    const plain = event === undefined ? plainText(chunk) : undefined;
    if (plain !== undefined) return plain === '' ? [] : [{ type: 'text', text: plain }];
    // Groq reports errors in `x_groq`.
    const error = chunk.error || (chunk.x_groq as { error?: unknown } | null | undefined)?.error;
    if (event === 'error' || error) throw failureFromBody({ provider: this.#provider, body: error || chunk });
    return this.signals(checked(chunkSchema, chunk, this.#provider));
  }

  end(): WireSignal[] {
    if (this.#ended) return [];
    if (!this.#finished) {
      throw badStream(this.#provider, 'the connection ended before the answer did');
    }
    return this.#done();
  }

  /** The signals of one checked chunk. */
  signals(chunk: Chunk): WireSignal[] {
    const signals: WireSignal[] = [];
    const choice = chunk.choices?.[0];
    if (choice) this.#choice(choice, signals);
    const usage = readUsage(chunk);
    if (usage) signals.push({ type: 'usage', usage });
    const providerTime = readProviderTime(chunk);
    if (providerTime) signals.push({ type: 'providerTime', providerTime });
    const served = readServed(chunk);
    if (served) signals.push({ type: 'served', served });
    return signals;
  }

  #choice(choice: Choice, signals: WireSignal[]): void {
    const delta = choice.delta ?? choice.message;
    if (delta) this.#delta(delta, signals);
    if (choice.finish_reason && !this.#finished) {
      signals.push(...this.#calls.finish());
      this.#finished = true;
      // Gemini's compatible API and Ollama end an answer of tool calls with "stop".
      const isCalls = choice.finish_reason === 'stop' && this.#calls.count > 0;
      signals.push({ type: 'finish', reason: isCalls ? 'tool_calls' : choice.finish_reason });
    }
  }

  #delta(delta: Delta, signals: WireSignal[]): void {
    const reasoning = delta.reasoning_content ?? delta.reasoning;
    if (reasoning) signals.push({ type: 'reasoning', text: reasoning });
    const text = spokenText(delta);
    if (text) signals.push({ type: 'text', text });
    for (const { index, id, function: tool } of delta.tool_calls ?? []) {
      const { name, arguments: args } = tool ?? {};
      const text = typeof args === 'object' && args !== null ? jsonText(args, this.#provider) : args;
      signals.push(...this.#calls.add({ index, id, name, text }));
      // A fragment that says nothing is no content: some servers send one before the first text.
      if (name || text) signals.push({ type: 'toolCallDelta' });
    }
  }

  #done(): WireSignal[] {
    this.#ended = true;
    return [...this.#calls.finish(), { type: 'end' }];
  }
}
