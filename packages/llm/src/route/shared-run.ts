import { FirstwordError } from '@firstword/turn';
import type { ChatEvent, ChatRequest, ChatStream } from '../model.js';
import { EventQueue } from '../stream/event-queue.js';
import type { RequestTrace } from '../trace.js';
import type { Book } from './book.js';
import { type ChatSink, RoutedChat } from './routed-chat.js';
import type { RouteSettings } from './settings.js';

/** One answer that several readers may share; each reads it from the start. The last to leave stops it. */
export class SharedRun implements ChatSink {
  readonly #log: ChatEvent[] = [];
  readonly #readers = new Set<EventQueue<ChatEvent>>();
  readonly #onSettled: () => void;
  readonly #run: RoutedChat;
  readonly request: ChatRequest;
  #ended = false;

  constructor(options: { settings: RouteSettings; book: Book; request: ChatRequest; onSettled: () => void }) {
    this.#onSettled = options.onSettled;
    this.request = options.request;
    this.#run = new RoutedChat({ ...options, sink: this });
  }

  get trace(): RequestTrace {
    return this.#run.trace;
  }

  noteAdoption(): void {
    this.#run.noteAdoption();
  }

  join(options: { signal?: AbortSignal | undefined }): ChatStream {
    const { signal } = options;
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

  cancel(): void {
    for (const reader of [...this.#readers]) {
      reader.drop();
      this.#leave(reader);
    }
  }

  #leave(queue: EventQueue<ChatEvent>): void {
    if (!this.#readers.delete(queue) || this.#readers.size > 0 || this.#ended) return;
    this.#ended = true;
    this.#run.cancel();
    this.#onSettled();
  }

  #settle(tell: (reader: EventQueue<ChatEvent>) => void): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const reader of this.#readers) tell(reader);
    this.#readers.clear();
    this.#onSettled();
  }
}
