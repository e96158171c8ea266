import { type Clock, FirstwordError, isFirstwordError, systemClock } from '@firstword/turn';
import { type APIConnectOptions, llm } from '@livekit/agents';
import { assertSameCopy } from '../compatibility/same-copy.js';
import { logHeld } from '../observe/debug-log.js';
import { isolated } from '../observe/user-callback.js';
import { FirstwordLLM } from './llm.js';
import { Preparations, type Prepare, type PrepareInput } from './preparation.js';
import { currentSpeculation } from './speech-context.js';

/** Options of `PreparedLLM`. */
export interface PreparedLLMOptions {
  /** Longest run of `prepare`, ms; default 2,000: later, callers think that the line has dropped. */
  timeoutMs?: number;
  clock?: Clock;
}

/** One request with its preparation. Times on the session's clock, ms. */
export interface PreparedRequest {
  /** LiveKit requested the answer. */
  readonly startedMs: number;
  /** Start of `prepare`, which may have run for an earlier request with the same words. */
  logicStartedMs?: number;
  logicEndedMs?: number;
  /** The LLM request was sent; `undefined` if it was not. */
  sentMs?: number;
}

type ChatOptions = Parameters<llm.LLM['chat']>[0];

/** The inner stream retries; this one does not. */
const NO_RETRY: APIConnectOptions = { maxRetry: 0, retryIntervalMs: 0, timeoutMs: 0 };

/** Splits a request at the caller's newest message; `undefined` if there is none. */
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
 * Wraps any LiveKit LLM and runs your own work (retrieval, checks, look-ups) before each request. The work is part of the
 * speculation: it starts, is kept and is cancelled with it. In LiveKit's `onUserTurnCompleted` the same work would wait for
 * the commit, and its changes to the context would discard the speculation.
 *
 * `attachLowLatency(session)` tells it which requests are speculations; without that call all count as committed.
 */
export class PreparedLLM extends llm.LLM {
  readonly inner: llm.LLM;
  readonly #preparations: Preparations;
  readonly #clock: Clock;
  readonly #watchers = new Set<(request: PreparedRequest) => void>();
  readonly #onMetrics = (metrics: Parameters<llm.LLMCallbacks['metrics_collected']>[0]) =>
    this.emit('metrics_collected', metrics);
  readonly #onError = (error: Parameters<llm.LLMCallbacks['error']>[0]) => this.#emitError(error);

  constructor(inner: llm.LLM, prepare: Prepare, options: PreparedLLMOptions = {}) {
    assertSameCopy({ llm: inner });
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

  /** Calls `watcher` for each prepared request as it starts. Returns a stop function. */
  watch(watcher: (request: PreparedRequest) => void): () => void {
    const safe = isolated('a watcher of PreparedLLM', watcher);
    this.#watchers.add(safe);
    return () => this.#watchers.delete(safe);
  }

  override prewarm(): void {
    this.inner.prewarm();
  }

  override chat(options: ChatOptions): llm.LLMStream {
    return new PreparedStream(this, options, (signal) => this.#prepared(options.chatCtx, signal));
  }

  /** Cancels what is being prepared, and stops passing on the wrapped LLM's metrics and errors. Does not close it. */
  detach(): void {
    this.inner.off('metrics_collected', this.#onMetrics);
    this.inner.off('error', this.#onError);
    this.#preparations.close();
  }

  override async aclose(): Promise<void> {
    this.detach();
    await super.aclose();
    await this.inner.aclose();
  }

  /** The context after `prepare`, or unchanged if that failed finally. `undefined` if the request was cancelled. */
  async #prepared(chatCtx: llm.ChatContext, signal: AbortSignal): Promise<llm.ChatContext | undefined> {
    const input = splitAtUserMessage(chatCtx);
    // The request after a tool call reuses the preparation of the caller's words. Unprompted speech is not prepared.
    if (!input || (input.after.some(isAnswer) && !this.#preparations.has(input))) return chatCtx;
    const request: PreparedRequest = { startedMs: this.#clock.nowMs() };
    for (const watcher of this.#watchers) watcher(request);
    const speculation = currentSpeculation();
    let prepared = await this.#attempt(input, { request, signal, speculative: speculation !== undefined });
    if (prepared === 'failed' && speculation) {
      if (!signal.aborted) logHeld();
      await Promise.race([speculation.committed, aborted(signal)]);
      if (!signal.aborted) prepared = await this.#attempt(input, { request, signal, speculative: false });
    }
    if (signal.aborted) return undefined;
    request.sentMs = this.#clock.nowMs();
    if (prepared === 'failed') return chatCtx;
    const { before, message } = prepared;
    return new llm.ChatContext([...before, message, ...input.after]);
  }

  async #attempt(
    input: PrepareInput,
    how: { request: PreparedRequest; signal: AbortSignal; speculative: boolean },
  ): Promise<PrepareInput | 'failed'> {
    const { request, signal, speculative } = how;
    if (signal.aborted) return 'failed';
    const taken = this.#preparations.acquire(input, speculative);
    request.logicStartedMs = taken.startedMs;
    try {
      const prepared = await Promise.race([taken.result, aborted(signal)]);
      return prepared ?? 'failed';
    } catch (cause) {
      if (!signal.aborted) this.#emitError(toLlmError(cause, { speculative, label: this.label() }));
      return 'failed';
    } finally {
      taken.release();
      request.logicEndedMs = taken.endedMs ?? this.#clock.nowMs();
    }
  }

  #emitError(error: Parameters<llm.LLMCallbacks['error']>[0]): void {
    // After the session has closed there is no listener, and an `error` event without one would end the process.
    if (this.listenerCount('error') > 0) this.emit('error', error);
  }
}

/** As LiveKit's error event, marked recoverable: the turn is answered all the same. */
function toLlmError(
  cause: unknown,
  { speculative, label }: { speculative: boolean; label: string },
): Parameters<llm.LLMCallbacks['error']>[0] {
  const next = speculative ? 'It is run again at the commit.' : 'The LLM was input without it.';
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

  /** The inner stream reports its own usage: reporting it here as well would double it. */
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

/** The `FirstwordLLM` of a session, directly or inside a `PreparedLLM`; `undefined` for other LLMs. */
export function firstwordLlmOf(model: unknown): FirstwordLLM | undefined {
  const inner = model instanceof PreparedLLM ? model.inner : model;
  return inner instanceof FirstwordLLM ? inner : undefined;
}
