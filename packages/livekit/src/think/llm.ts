import type { ChatEvent, ChatRequest, ChatStream, LanguageModel, RequestTrace, Usage } from '@firstword/llm';
import { isFirstwordError } from '@firstword/turn';
import { APIConnectionError, type APIConnectOptions, llm } from '@livekit/agents';
import { FirstSentence } from './first-sentence.js';
import { toMessages, toToolChoice, toTools } from './messages.js';
import { Meter, type SpentTokens } from './meter.js';

/** One LLM request as LiveKit and Firstword know it. */
export interface LlmRequest {
  /** The id that LiveKit's `llm_metrics` carry. */
  id: string;
  /** Filled in as the request goes. */
  trace: RequestTrace;
  /** LiveKit's id of the speech it was made for; known when the answer has been read. */
  speechId?: string;
  /** What it has cost by now, where the stream is Firstword's own. */
  spent?: SpentTokens;
  /** When LiveKit's tokenizer would have let its first sentence go to the voice (system clock, ms). */
  sentence?: { readonly atMs: number | undefined };
}

/** Retrying is the language model's own business (it knows deadlines and backups), never LiveKit's. */
const NO_RETRY: APIConnectOptions = { maxRetry: 0, retryIntervalMs: 0, timeoutMs: 0 };

type ChatOptions = Parameters<llm.LLM['chat']>[0];

/** Any Firstword language model (one endpoint, or a router over several) as LiveKit's `llm.LLM`. */
export class FirstwordLLM extends llm.LLM {
  readonly #languageModel: LanguageModel;
  readonly #watchers = new Set<(request: LlmRequest) => void>();

  constructor(languageModel: LanguageModel) {
    super();
    this.#languageModel = languageModel;
  }

  override label(): string {
    return `firstword.${this.provider}`;
  }

  override get model(): string {
    return this.#languageModel.model;
  }

  override get provider(): string {
    return this.#languageModel.provider;
  }

  /** Called for each request as it starts. Returns how to stop. */
  watch(watcher: (request: LlmRequest) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  override chat(options: ChatOptions): llm.LLMStream {
    return new FirstwordLLMStream(this, this.#languageModel, options, (request) => {
      for (const watcher of this.#watchers) watcher(request);
    });
  }

  protected override async _prewarmImpl(signal: AbortSignal): Promise<void> {
    await this.#languageModel.warm({ signal });
  }
}

class FirstwordLLMStream extends llm.LLMStream {
  readonly #languageModel: LanguageModel;
  readonly #options: ChatOptions;
  readonly #onRequest: (request: LlmRequest) => void;
  readonly #id = `fw-${crypto.randomUUID()}`;

  constructor(
    owner: FirstwordLLM,
    languageModel: LanguageModel,
    options: ChatOptions,
    onRequest: (request: LlmRequest) => void,
  ) {
    super(owner, {
      chatCtx: options.chatCtx,
      ...(options.toolCtx === undefined ? {} : { toolCtx: options.toolCtx }),
      connOptions: NO_RETRY,
    });
    this.#languageModel = languageModel;
    this.#options = options;
    this.#onRequest = onRequest;
  }

  protected override async run(): Promise<void> {
    const { signal } = this.abortController;
    const messages = await toMessages(this.chatCtx);
    if (signal.aborted) return;
    const tools = toTools(this.toolCtx);
    const toolChoice = tools.length > 0 ? toToolChoice(this.#options.toolChoice) : undefined;
    const { parallelToolCalls, extraKwargs } = this.#options;
    const request: ChatRequest = {
      messages,
      ...(tools.length > 0 ? { tools } : {}),
      ...(toolChoice === undefined ? {} : { toolChoice }),
      ...(parallelToolCalls === undefined ? {} : { parallelToolCalls }),
      ...(extraKwargs === undefined ? {} : { extra: extraKwargs }),
    };
    const stream = this.#languageModel.chat(request, { signal });
    const meter = new Meter(request);
    const sentence = new FirstSentence();
    this.#onRequest({ id: this.#id, trace: stream.trace, spent: meter, sentence });
    const note = (event: ChatEvent) => {
      meter.note(event);
      if (event.type === 'text') sentence.push(event.text);
    };
    await this.#forward(stream, note, signal).finally(() => sentence.end());
  }

  async #forward(stream: ChatStream, note: (event: ChatEvent) => void, signal: AbortSignal): Promise<void> {
    try {
      for await (const event of stream) {
        note(event);
        if (signal.aborted || this.queue.closed) return;
        const chunk = toChunk(this.#id, event);
        if (chunk) this.queue.put(chunk);
      }
    } catch (error) {
      if (signal.aborted || isFirstwordError(error, 'aborted')) return;
      const message = error instanceof Error ? error.message : String(error);
      throw new APIConnectionError({ message, options: { retryable: false } });
    }
  }
}

function toChunk(id: string, event: ChatEvent): llm.ChatChunk | undefined {
  switch (event.type) {
    case 'text':
      return { id, delta: { role: 'assistant', content: event.text } };
    case 'toolCall': {
      const call = llm.FunctionCall.create({
        callId: event.call.id,
        name: event.call.name,
        args: event.call.arguments,
      });
      return { id, delta: { role: 'assistant', toolCalls: [call] } };
    }
    case 'usage':
      return { id, usage: toUsage(event.usage) };
    default:
      return undefined;
  }
}

function toUsage(usage: Usage): llm.CompletionUsage {
  const promptTokens = usage.promptTokens ?? 0;
  const completionTokens = usage.completionTokens ?? 0;
  return {
    promptTokens,
    completionTokens,
    promptCachedTokens: usage.cachedTokens ?? 0,
    totalTokens: promptTokens + completionTokens,
  };
}
