import { badStream } from '../bad-stream.js';
import { failureFromBody } from '../failure.js';
import { parseEvent } from '../parse-event.js';
import { ToolCallAssembler } from '../tool-calls.js';
import type { SseEvent, WireReader, WireSignal } from '../wire.js';
import type { Choice, Chunk, Delta } from './chunk.js';
import { readProviderTime, readServed, readUsage } from './usage.js';

/** Reads a streaming chat completion. */
export class OpenAiReader implements WireReader {
  readonly #provider: string;
  readonly #calls: ToolCallAssembler;
  #finished = false;
  #ended = false;

  constructor(options: { provider: string }) {
    this.#provider = options.provider;
    this.#calls = new ToolCallAssembler(options);
  }

  read({ event, data }: SseEvent): WireSignal[] {
    if (this.#ended) return [];
    if (data.trim() === '[DONE]') return this.#done();
    const chunk = parseEvent(data, this.#provider) as Chunk;
    const error = chunk.error ?? chunk.x_groq?.error;
    if (event === 'error' || (error !== undefined && error !== null)) {
      throw failureFromBody({ provider: this.#provider, body: error ?? chunk });
    }
    return this.signals(chunk);
  }

  end(): WireSignal[] {
    if (this.#ended) return [];
    if (!this.#finished) {
      throw badStream(this.#provider, 'the connection ended before the answer did');
    }
    return this.#done();
  }

  /** The signals of one parsed chunk. */
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
      this.#flushCall(signals);
      this.#finished = true;
      signals.push({ type: 'finish', reason: choice.finish_reason });
    }
  }

  #delta(delta: Delta, signals: WireSignal[]): void {
    const reasoning = delta.reasoning_content ?? delta.reasoning;
    if (reasoning) signals.push({ type: 'reasoning', text: reasoning });
    const text = delta.content ?? delta.refusal;
    if (text) signals.push({ type: 'text', text });
    for (const fragment of delta.tool_calls ?? []) {
      const call = this.#calls.add({
        index: fragment.index,
        id: fragment.id,
        name: fragment.function?.name,
        text: fragment.function?.arguments,
      });
      if (call) signals.push({ type: 'toolCall', call });
      signals.push({ type: 'toolCallDelta' });
    }
  }

  #flushCall(signals: WireSignal[]): void {
    const call = this.#calls.flush();
    if (call) signals.push({ type: 'toolCall', call });
  }

  #done(): WireSignal[] {
    const signals: WireSignal[] = [];
    this.#flushCall(signals);
    this.#ended = true;
    signals.push({ type: 'end' });
    return signals;
  }
}
