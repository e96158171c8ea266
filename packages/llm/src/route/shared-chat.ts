import { type Clock, FirstwordError } from '@firstword/turn';
import type { ChatEvent, ChatRequest } from '../chat.js';
import type { ChatOptions, ChatStream } from '../model.js';
import { EventQueue } from '../stream/event-queue.js';
import type { RequestTrace } from '../trace.js';
import { type ChatSink, RoutedChat } from './routed-chat.js';
import type { RouterState } from './router-state.js';
import type { RouteSettings } from './settings.js';

/**
 * One answer that several readers may share; each reads it from the start. When the last has left it goes on for
 * `graceMs`, in case the same is asked again, and is then stopped.
 */
export class SharedChat implements ChatSink {
  readonly #log: ChatEvent[] = [];
  readonly #readers = new Set<EventQueue<ChatEvent>>();
  readonly #onSettled: () => void;
  readonly #chat: RoutedChat;
  readonly #graceMs: number;
  readonly #clock: Clock;
  #stopGrace: (() => void) | undefined;
  readonly request: ChatRequest;
  #ended = false;

  constructor(options: {
    settings: RouteSettings;
    state: RouterState;
    request: ChatRequest;
    graceMs: number;
    onSettled: () => void;
  }) {
    this.#graceMs = options.graceMs;
    this.#clock = options.settings.clock;
    this.#onSettled = options.onSettled;
    this.request = options.request;
    this.#chat = new RoutedChat({ ...options, sink: this });
  }

  get trace(): RequestTrace {
    return this.#chat.trace;
  }

  recordCoalesced(): void {
    this.#chat.recordCoalesced();
  }

  join({ signal, awaited, waitingSinceMs }: ChatOptions): ChatStream {
    this.#endGrace();
    const leave = (end: { error?: unknown }) => {
      signal?.removeEventListener('abort', onAbort);
      queue.drop(end);
      this.#leave(queue);
    };
    const onAbort = () =>
      leave({ error: new FirstwordError('aborted', 'the request was aborted by its signal') });
    const queue = new EventQueue<ChatEvent>({ onLeave: () => leave({}) });
    this.#readers.add(queue);
    for (const event of this.#log) queue.push(event);
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

  push(event: ChatEvent): void {
    this.#log.push(event);
    for (const reader of this.#readers) reader.push(event);
  }

  end(): void {
    this.#settle((reader) => reader.end());
  }

  fail(error: unknown): void {
    if (error instanceof FirstwordError) this.trace.error = error;
    this.#settle((reader) => reader.fail(error));
  }

  /** Stops it now, whoever may still listen. */
  cancel(): void {
    for (const reader of this.#readers) reader.drop();
    this.#readers.clear();
    this.#stop();
  }

  #leave(queue: EventQueue<ChatEvent>): void {
    if (!this.#readers.delete(queue) || this.#readers.size > 0 || this.#ended) return;
    if (this.#graceMs <= 0) {
      this.#stop();
      return;
    }
    // Whoever left must not find it under way.
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

  #settle(tell: (reader: EventQueue<ChatEvent>) => void): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#stopGrace) {
      this.#stopGrace();
      this.trace.outcome = 'cancelled';
    }
    for (const reader of this.#readers) tell(reader);
    this.#readers.clear();
    this.#onSettled();
  }
}
