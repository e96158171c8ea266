import { type Clock, FirstwordError } from '@firstword/turn';
import type { ChatEvent, ChatRequest } from '../chat.js';
import type { ChatOptions, ChatStream } from '../model.js';
import { EventQueue } from '../stream/event-queue.js';
import type { RequestTrace } from '../trace.js';
import type { ChatSink } from './passed-on.js';
import { RoutedChat } from './routed-chat.js';
import type { RouterState } from './router-state.js';
import type { RouteSettings } from './settings.js';

/**
 * One answer that several readers share; each reads it from the start. When the last reader leaves, the answer keeps
 * running for `graceMs` in case an identical request arrives, and is then cancelled.
 */
export class SharedChat implements ChatSink {
  /** What later readers get first; `undefined` where there can be none. */
  readonly #log: ChatEvent[] | undefined;
  readonly #readers = new Set<EventQueue<ChatEvent>>();
  readonly #onSettled: () => void;
  readonly #chat: RoutedChat;
  readonly #graceMs: number;
  readonly #clock: Clock;
  #stopGrace: (() => void) | undefined;
  /** Pending while every reader is behind. */
  #room: { promise: Promise<void>; resolve: () => void } | undefined;
  readonly request: ChatRequest;
  #ended = false;

  constructor(options: {
    settings: RouteSettings;
    state: RouterState;
    request: ChatRequest;
    /** Whether readers may join after the first. */
    shared: boolean;
    graceMs: number;
    onSettled: () => void;
    holdUntilClause?: boolean | undefined;
  }) {
    this.#log = options.shared ? [] : undefined;
    this.#graceMs = options.graceMs;
    this.#clock = options.settings.clock;
    this.#onSettled = options.onSettled;
    this.request = options.request;
    this.#chat = new RoutedChat({ ...options, sink: this });
  }

  /** The trace that all readers share. */
  get trace(): RequestTrace {
    return this.#chat.trace;
  }

  /** Notes in the trace that another request has joined. */
  recordCoalesced(): void {
    this.#chat.recordCoalesced();
  }

  /** Adds a reader. */
  join({ signal, awaited, waitingSinceMs }: ChatOptions): ChatStream {
    this.#endGrace();
    const leave = (end: { error?: unknown }) => {
      signal?.removeEventListener('abort', onAbort);
      queue.drop(end);
      this.#leave(queue);
    };
    const onAbort = () =>
      leave({ error: new FirstwordError('aborted', 'the request was aborted by its signal') });
    const queue = new EventQueue<ChatEvent>({
      onLeave: () => leave({}),
      onFull: (isFull) => {
        if (!isFull) this.#endRoom();
      },
    });
    this.#readers.add(queue);
    for (const event of this.#log ?? []) queue.push(event);
    const wait = () => {
      if (this.#readers.has(queue)) this.#chat.setAwaited(waitingSinceMs?.());
    };
    if (!awaited) wait();
    else {
      if (this.#readers.size === 1) this.#chat.setUnawaited();
      void awaited.then(wait, wait);
    }
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted) onAbort();
    return { trace: this.trace, cancel: () => leave({}), [Symbol.asyncIterator]: () => queue };
  }

  /** Passes an event to every reader and keeps it for later ones. */
  push(event: ChatEvent): void {
    this.#log?.push(event);
    for (const reader of this.#readers) reader.push(event);
  }

  /** Settles when a reader can take more. The fastest of several readers decides: none may hold up another. */
  room(): Promise<void> | undefined {
    for (const reader of this.#readers) if (!reader.full) return undefined;
    if (this.#readers.size === 0) return undefined;
    if (!this.#room) {
      let resolve = () => {};
      const promise = new Promise<void>((settle) => {
        resolve = settle;
      });
      this.#room = { promise, resolve };
    }
    return this.#room.promise;
  }

  #endRoom(): void {
    this.#room?.resolve();
    this.#room = undefined;
  }

  /** Ends every reader's stream. */
  end(): void {
    this.#settle((reader) => reader.end());
  }

  /** Fails every reader's stream. */
  fail(error: unknown): void {
    if (error instanceof FirstwordError) this.trace.error = error;
    this.#settle((reader) => reader.fail(error));
  }

  /** Cancels the answer at once, even if it still has readers. */
  cancel(): void {
    for (const reader of this.#readers) reader.drop();
    this.#readers.clear();
    this.#stop();
  }

  #leave(queue: EventQueue<ChatEvent>): void {
    if (!this.#readers.delete(queue)) return;
    this.#endRoom();
    if (this.#readers.size > 0 || this.#ended) return;
    if (this.#graceMs <= 0) {
      this.#stop();
      return;
    }
    // Mark it cancelled now: a reader that has left must not see it as pending.
    this.trace.outcome = 'cancelled';
    this.#chat.setUnawaited();
    this.#stopGrace = this.#clock.schedule(this.#graceMs, () => this.#stop());
  }

  #endGrace(): void {
    if (!this.#stopGrace) return;
    this.#stopGrace();
    this.#stopGrace = undefined;
    this.trace.outcome = 'pending';
  }

  #stop(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#stopGrace?.();
    this.#chat.cancel();
    this.#onSettled();
  }

  #settle(close: (reader: EventQueue<ChatEvent>) => void): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#stopGrace) {
      this.#stopGrace();
      this.trace.outcome = 'cancelled';
    }
    for (const reader of this.#readers) close(reader);
    this.#readers.clear();
    this.#onSettled();
  }
}
