import type { ChatEvent, RequestTrace, Usage } from '@firstword/llm';
import type { JsonFields } from '../answer/fields.js';

/**
 * An answer that broke ends with this reason, as an answer that reached its maximum length does: to every client it is then
 * incomplete text. The chunk says `cut_short` besides.
 */
const CUT_SHORT_REASON = 'length';

/** The usage, as OpenAI reports it. */
export function openAiUsage(usage: Usage): JsonFields {
  const { promptTokens = 0, completionTokens = 0, cachedTokens, reasoningTokens } = usage;
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    ...(cachedTokens === undefined ? {} : { prompt_tokens_details: { cached_tokens: cachedTokens } }),
    ...(reasoningTokens === undefined
      ? {}
      : { completion_tokens_details: { reasoning_tokens: reasoningTokens } }),
  };
}

/** Writes events as chunks of a chat completion: those of models with another API, and those of the router itself. */
export class OpenAiChunks {
  readonly #trace: RequestTrace;
  #id = `chatcmpl-${crypto.randomUUID()}`;
  #created = Math.floor(Date.now() / 1_000);
  #model: string | undefined;
  #hasRole = false;
  #calls = 0;
  /** Data of the first frame that was passed on. */
  #firstFrame: string | undefined;

  constructor(trace: RequestTrace) {
    this.#trace = trace;
  }

  /** A chunk of the provider's is passed on: later chunks belong to the same completion. */
  notePassed(data: string): void {
    this.#firstFrame ??= data;
  }

  /** The chunks for one event; none for an event without a part of the answer. */
  of(event: ChatEvent): JsonFields[] {
    switch (event.type) {
      case 'text':
        return [this.#delta({ content: event.text })];
      case 'reasoning':
        return [this.#delta({ reasoning_content: event.text })];
      case 'toolCall': {
        const { id, name, arguments: args } = event.call;
        const call = { index: this.#calls, id, type: 'function', function: { name, arguments: args } };
        this.#calls += 1;
        return [this.#delta({ tool_calls: [call] })];
      }
      case 'finish':
        return [this.#finish(event.reason)];
      default:
        return [];
    }
  }

  /** The chunk with the usage. */
  usage(usage: Usage): JsonFields {
    return { ...this.#common(), choices: [], usage: openAiUsage(usage) };
  }

  #finish(reason: string): JsonFields {
    const isCut = reason === 'cut_short';
    const choice = { index: 0, delta: {}, finish_reason: isCut ? CUT_SHORT_REASON : reason };
    return {
      ...this.#common(),
      choices: [choice],
      ...(isCut ? { firstword: { finish_reason: reason } } : {}),
    };
  }

  #delta(fields: JsonFields): JsonFields {
    const isFirst = !this.#hasRole && this.#firstFrame === undefined;
    this.#hasRole = true;
    const delta = isFirst ? { role: 'assistant', ...fields } : fields;
    return { ...this.#common(), choices: [{ index: 0, delta, finish_reason: null }] };
  }

  #common(): JsonFields {
    this.#takeFromFrame();
    return {
      id: this.#id,
      object: 'chat.completion.chunk',
      created: this.#created,
      model: this.#model ?? this.#trace.model,
    };
  }

  #takeFromFrame(): void {
    if (!this.#firstFrame || this.#model !== undefined) return;
    const { id, created, model } = JSON.parse(this.#firstFrame) as JsonFields;
    if (typeof id === 'string') this.#id = id;
    if (typeof created === 'number') this.#created = created;
    this.#model = typeof model === 'string' ? model : this.#trace.model;
  }
}
