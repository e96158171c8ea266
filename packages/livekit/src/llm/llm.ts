import type { ChatEvent, ChatRequest, ChatStream, LanguageModel, RequestTrace, Usage } from '@firstword/llm';
import { type Clock, isFirstwordError, systemClock } from '@firstword/turn';
import { APIConnectionError, type APIConnectOptions, llm } from '@livekit/agents';
import { isolated } from '../observe/user-callback.js';
import { FirstSentence } from './first-sentence.js';
import { toMessages, toToolChoice, toTools } from './messages.js';
import { pause } from './pause.js';
import { noteFailed, retryInMs } from './retry.js';
import { currentSpeculation, currentSpeech } from './speech-context.js';
import { type SpentTokenCounts, TokenUsage } from './token-usage.js';

/** One LLM request, with LiveKit's ids and Firstword's trace. */
export interface LlmRequest {
  /** Request id, the same as in LiveKit's `llm_metrics`. */
  id: string;
  /** Filled in while the request runs. */
  trace: RequestTrace;
  /** LiveKit's id of the speech handle it was made for; known when the answer has been read. */
  speechId?: string;
  /** Tokens so far; only for Firstword's own streams. */
  spent?: SpentTokenCounts;
  /** When LiveKit's tokenizer would have sent the first sentence to the TTS (system clock, ms). */
  sentence?: { readonly atMs: number | undefined };
  /** The stream broke after part of the answer had been passed on, and a router ended it there. */
  isCutShort?: boolean;
}

/** LiveKit never retries: the language model does, because it knows deadlines and backups. */
const NO_RETRY: APIConnectOptions = { maxRetry: 0, retryIntervalMs: 0, timeoutMs: 0 };

/** Options of `FirstwordLLM`. */
export interface FirstwordLLMOptions {
  /**
   * A committed request that fails with a retryable error before its first words is retried once, if the retry can start
   * within this time after the first request, ms. Default 2,000: later, callers think that the line has dropped. 0: no
   * retry. A router fails over by itself, and a failed speculation is repeated at the commit.
   */
  retryWithinMs?: number;
  /**
   * Whether the language model belongs to this LLM, so that `aclose()` closes it. Default true. Set false where several
   * `FirstwordLLM`s, such as those of several sessions, share one model: then close the model after the last of them.
   */
  ownsModel?: boolean;
  clock?: Clock;
}

type ChatOptions = Parameters<llm.LLM['chat']>[0];

/** Any Firstword language model (one endpoint, or a router over several) as a LiveKit `llm.LLM`. */
export class FirstwordLLM extends llm.LLM {
  readonly #languageModel: LanguageModel;
  readonly #retry: RetryOptions;
  readonly #ownsModel: boolean;
  readonly #watchers = new Set<(request: LlmRequest) => void>();

  constructor(languageModel: LanguageModel, options: FirstwordLLMOptions = {}) {
    super();
    this.#languageModel = languageModel;
    this.#ownsModel = options.ownsModel ?? true;
    this.#retry = { withinMs: options.retryWithinMs ?? 2_000, clock: options.clock ?? systemClock };
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

  /** Calls `watcher` for each request as it starts. Returns a stop function. */
  watch(watcher: (request: LlmRequest) => void): () => void {
    const safe = isolated('a watcher of FirstwordLLM', watcher);
    this.#watchers.add(safe);
    return () => this.#watchers.delete(safe);
  }

  override chat(options: ChatOptions): llm.LLMStream {
    const onRequest = (request: LlmRequest) => {
      for (const watcher of this.#watchers) watcher(request);
    };
    return new FirstwordLLMStream(this, this.#languageModel, options, { onRequest, again: this.#retry });
  }

  /**
   * Closes the LLM and, unless `ownsModel` is false, the language model with its running requests and sockets. LiveKit does
   * not call it when a session ends: call it when the process needs the LLM no longer.
   */
  override async aclose(): Promise<void> {
    await super.aclose();
    if (this.#ownsModel) await this.#languageModel.close();
  }

  protected override async _prewarmImpl(signal: AbortSignal): Promise<void> {
    await this.#languageModel.warm({ signal });
  }
}

interface RetryOptions {
  withinMs: number;
  clock: Clock;
}

class FirstwordLLMStream extends llm.LLMStream {
  readonly #languageModel: LanguageModel;
  readonly #options: ChatOptions;
  readonly #onRequest: (request: LlmRequest) => void;
  readonly #again: RetryOptions;

  constructor(
    owner: FirstwordLLM,
    languageModel: LanguageModel,
    options: ChatOptions,
    { onRequest, again }: { onRequest: (request: LlmRequest) => void; again: RetryOptions },
  ) {
    super(owner, {
      chatCtx: options.chatCtx,
      ...(options.toolCtx === undefined ? {} : { toolCtx: options.toolCtx }),
      connOptions: NO_RETRY,
    });
    this.#languageModel = languageModel;
    this.#options = options;
    this.#onRequest = onRequest;
    this.#again = again;
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
    try {
      await this.#answer(request, signal);
    } catch (error) {
      if (signal.aborted || isFirstwordError(error, 'aborted')) return;
      const message = error instanceof Error ? error.message : String(error);
      throw new APIConnectionError({ message, options: { retryable: false } });
    }
  }

  /** Sends the request, and a second time if the first failed before any words were passed on. */
  async #answer(request: ChatRequest, signal: AbortSignal): Promise<void> {
    const { clock, withinMs } = this.#again;
    const askedMs = clock.nowMs();
    const first = this.#ask(request, signal);
    try {
      await first.passOn();
    } catch (error) {
      const { trace, begun } = first;
      const failed = { error, begun: begun(), elapsedMs: clock.nowMs() - askedMs, withinMs };
      // No second attempt here for a router (it makes its own) or for a speculation (the commit asks again).
      const pauseMs = trace.attempts || currentSpeculation() ? undefined : retryInMs(failed);
      if (pauseMs === undefined || signal.aborted) throw error;
      await pause(pauseMs, { clock, signal });
      if (signal.aborted) return;
      const second = this.#ask(request, signal);
      noteFailed(trace, second.trace);
      await second.passOn();
    }
  }

  /** Starts the request and notifies the watchers. */
  #ask(request: ChatRequest, signal: AbortSignal) {
    const id = `fw-${crypto.randomUUID()}`;
    const awaited = currentSpeculation()?.committed;
    const speech = currentSpeech();
    const stream = this.#languageModel.chat(request, {
      signal,
      ...(awaited ? { awaited } : {}),
      // Not for the request after a tool call: the tool's time must not count as the model's.
      ...(request.messages.at(-1)?.role === 'user' ? { waitingSinceMs: () => speech?.waitingSinceMs } : {}),
    });
    const usage = new TokenUsage(request);
    const sentence = new FirstSentence();
    let begun = false;
    const asked: LlmRequest = { id, trace: stream.trace, spent: usage, sentence };
    this.#onRequest(asked);
    const note = (event: ChatEvent) => {
      usage.add(event);
      if (event.type === 'finish' && event.reason === 'cut_short') asked.isCutShort = true;
      if (event.type === 'text') sentence.push(event.text);
      begun ||= event.type === 'text' || event.type === 'toolCall';
    };
    const passOn = () => this.#passOn(id, stream, note, signal).finally(() => sentence.end());
    return { trace: stream.trace, begun: () => begun, passOn };
  }

  async #passOn(
    id: string,
    stream: ChatStream,
    note: (event: ChatEvent) => void,
    signal: AbortSignal,
  ): Promise<void> {
    for await (const event of stream) {
      note(event);
      if (signal.aborted || this.queue.closed) return;
      const chunk = toChunk(id, event);
      if (chunk) this.queue.put(chunk);
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
