import { type Clock, FirstwordError, isFirstwordError, systemClock } from '@firstword/turn';
import { type APIConnectOptions, llm } from '@livekit/agents';
import { FirstwordLLM } from './llm.js';
import { Preparations, type Prepare, type PrepareInput } from './preparation.js';
import { currentSpeculation } from './speech-context.js';

export interface PreparedLLMOptions {
  /** How long one run of it may take, ms; default 2,000: past that callers think that the line has dropped. */
  timeoutMs?: number;
  clock?: Clock;
}

/** One answer that was prepared. Times on the session's clock, ms. */
export interface PreparedRequest {
  /** LiveKit asked for the answer. */
  readonly startedMs: number;
  /** The user's work, which may have been begun for an earlier request with the same words. */
  logicStartedMs?: number;
  logicEndedMs?: number;
  /** The LLM was asked; `undefined` as long as, or because, it was not. */
  sentMs?: number;
}

type ChatOptions = Parameters<llm.LLM['chat']>[0];

/** The inner stream retries; this one never does. */
const NO_RETRY: APIConnectOptions = { maxRetry: 0, retryIntervalMs: 0, timeoutMs: 0 };

/** A request taken apart at the caller's newest words; `undefined` where it does not answer any. */
function splitAtUserMessage(
  chatCtx: llm.ChatContext,
): (PrepareInput & { after: llm.ChatItem[] }) | undefined {
  const { items } = chatCtx;
  const at = items.findLastIndex((item) => item.type === 'message' && item.role === 'user');
  const message = items[at];
  if (message?.type !== 'message') return undefined;
  return { before: items.slice(0, at), message, after: items.slice(at + 1) };
}

const isAnswer = (item: llm.ChatItem) => item.type === 'message' && item.role === 'assistant';

/**
 * Any LiveKit LLM that is asked only after the user's own work: retrieval, checks, look-ups. That work is done where the
 * request is made, so it is part of the speculation: begun with it, kept with it, stopped with it. In LiveKit's
 * `onUserTurnCompleted` it would wait for the commit, and what it adds would throw the speculation away.
 *
 * `attachLowLatency(session)` tells it which requests are speculations; without that it takes all for committed.
 */
export class PreparedLLM extends llm.LLM {
  readonly inner: llm.LLM;
  readonly #preparations: Preparations;
  readonly #clock: Clock;
  readonly #watchers = new Set<(request: PreparedRequest) => void>();
  readonly #onMetrics = (metrics: Parameters<llm.LLMCallbacks['metrics_collected']>[0]) =>
    this.emit('metrics_collected', metrics);
  readonly #onError = (error: Parameters<llm.LLMCallbacks['error']>[0]) => this.#tellError(error);

  constructor(inner: llm.LLM, prepare: Prepare, options: PreparedLLMOptions = {}) {
    super();
    const { timeoutMs = 2_000, clock = systemClock } = options;
    this.inner = inner;
    this.#clock = clock;
    this.#preparations = new Preparations({ prepare, timeoutMs, clock });
    inner.on('metrics_collected', this.#onMetrics);
    inner.on('error', this.#onError);
  }

  override label(): string {
    return this.inner.label();
  }

  override get model(): string {
    return this.inner.model;
  }

  override get provider(): string {
    return this.inner.provider;
  }

  /** Called for each request that is prepared, as it starts. Returns how to stop. */
  watch(watcher: (request: PreparedRequest) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  override prewarm(): void {
    this.inner.prewarm();
  }

  override chat(options: ChatOptions): llm.LLMStream {
    return new PreparedStream(this, options, (signal) => this.#prepared(options.chatCtx, signal));
  }

  override async aclose(): Promise<void> {
    this.inner.off('metrics_collected', this.#onMetrics);
    this.inner.off('error', this.#onError);
    this.#preparations.close();
    await super.aclose();
    await this.inner.aclose();
  }

  /** The context with the user's work in it; as it was, where that failed for good. `undefined`: no longer wanted. */
  async #prepared(chatCtx: llm.ChatContext, signal: AbortSignal): Promise<llm.ChatContext | undefined> {
    const asked = splitAtUserMessage(chatCtx);
    // A tool's step is answered with what was prepared for the words; what the agent says unasked is not prepared.
    if (!asked || (asked.after.some(isAnswer) && !this.#preparations.has(asked))) return chatCtx;
    const request: PreparedRequest = { startedMs: this.#clock.nowMs() };
    for (const watcher of this.#watchers) watcher(request);
    const speculation = currentSpeculation();
    let made = await this.#attempt(asked, { request, signal, speculative: speculation !== undefined });
    if (made === 'failed' && speculation) {
      await Promise.race([speculation.committed, aborted(signal)]);
      if (!signal.aborted) made = await this.#attempt(asked, { request, signal, speculative: false });
    }
    if (signal.aborted) return undefined;
    request.sentMs = this.#clock.nowMs();
    if (made === 'failed') return chatCtx;
    const { before, message } = made;
    return new llm.ChatContext([...before, message, ...asked.after]);
  }

  async #attempt(
    asked: PrepareInput,
    how: { request: PreparedRequest; signal: AbortSignal; speculative: boolean },
  ): Promise<PrepareInput | 'failed'> {
    const { request, signal, speculative } = how;
    if (signal.aborted) return 'failed';
    const taken = this.#preparations.acquire(asked, speculative);
    request.logicStartedMs = taken.startedMs;
    try {
      const made = await Promise.race([taken.result, aborted(signal)]);
      return made ?? 'failed';
    } catch (cause) {
      if (!signal.aborted) this.#tellError(toLlmError(cause, { speculative, label: this.label() }));
      return 'failed';
    } finally {
      taken.release();
      request.logicEndedMs = taken.endedMs ?? this.#clock.nowMs();
    }
  }

  #tellError(error: Parameters<llm.LLMCallbacks['error']>[0]): void {
    // Once the session has gone nobody listens, and an error event without a listener would end the process.
    if (this.listenerCount('error') > 0) this.emit('error', error);
  }
}

/** The turn goes on all the same: LiveKit's word for that is "recoverable". */
function toLlmError(
  cause: unknown,
  { speculative, label }: { speculative: boolean; label: string },
): Parameters<llm.LLMCallbacks['error']>[0] {
  const next = speculative ? 'It is run again at the commit.' : 'The LLM was asked without it.';
  const error = isFirstwordError(cause)
    ? cause
    : new FirstwordError('prepare_failed', `prepare() failed; see the cause. ${next}`, {
        cause,
        retryable: speculative,
      });
  return { type: 'llm_error', timestamp: Date.now(), label, error, recoverable: true };
}

function aborted(signal: AbortSignal): Promise<undefined> {
  if (signal.aborted) return Promise.resolve(undefined);
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }));
}

class PreparedStream extends llm.LLMStream {
  readonly #inner: llm.LLM;
  readonly #options: ChatOptions;
  readonly #prepared: (signal: AbortSignal) => Promise<llm.ChatContext | undefined>;

  constructor(
    owner: PreparedLLM,
    options: ChatOptions,
    prepared: (signal: AbortSignal) => Promise<llm.ChatContext | undefined>,
  ) {
    super(owner, {
      chatCtx: options.chatCtx,
      ...(options.toolCtx === undefined ? {} : { toolCtx: options.toolCtx }),
      connOptions: NO_RETRY,
    });
    this.#inner = owner.inner;
    this.#options = options;
    this.#prepared = prepared;
  }

  /** The inner stream counts its own usage: counting it here too would double it. */
  protected override async monitorMetrics(): Promise<void> {
    for await (const chunk of this.queue) if (!this.output.closed) this.output.put(chunk);
    if (!this.output.closed) this.output.close();
  }

  protected override async run(): Promise<void> {
    const { signal } = this.abortController;
    const chatCtx = await this.#prepared(signal);
    if (!chatCtx || signal.aborted) return;
    const inner = this.#inner.chat({ ...this.#options, chatCtx });
    const stop = () => inner.close();
    signal.addEventListener('abort', stop, { once: true });
    try {
      for await (const chunk of inner) {
        if (this.queue.closed) return stop();
        this.queue.put(chunk);
      }
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }
}

/** Firstword's own LLM, where it is one, prepared or not. */
export function firstwordLlmOf(model: unknown): FirstwordLLM | undefined {
  const inner = model instanceof PreparedLLM ? model.inner : model;
  return inner instanceof FirstwordLLM ? inner : undefined;
}
