import { createParser } from 'eventsource-parser';
import { badStream } from './bad-stream.js';
import type { SseEvent } from './wire.js';

/** Maximum length of one event, UTF-16 code units. Real ones are under 100 KB. */
export const MAX_EVENT_LENGTH = 10 * 1024 * 1024;

/**
 * Decodes server-sent events from bytes in any chunking, even inside a line, a character or a line ending. Throws
 * FirstwordError `bad_stream` on bytes that are not UTF-8 and on an event over the size limit.
 */
export class SseDecoder {
  readonly #provider: string;
  readonly #text = new TextDecoder('utf-8', { fatal: true });
  #events: SseEvent[] = [];
  #tooLong = false;
  readonly #parser = createParser({
    onEvent: (event) => this.#events.push(event),
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') this.#tooLong = true;
    },
    maxBufferSize: MAX_EVENT_LENGTH,
  });

  constructor(options: { provider: string }) {
    this.#provider = options.provider;
  }

  /** The events that these bytes complete. */
  push(bytes: Uint8Array): SseEvent[] {
    this.#parser.feed(this.#decode(bytes, { stream: true }));
    return this.#take();
  }

  /** The last event, if the stream ended without the blank line that should follow it. */
  end(): SseEvent[] {
    this.#parser.feed(`${this.#decode(new Uint8Array(), { stream: false })}\n\n`);
    return this.#take();
  }

  #decode(bytes: Uint8Array, options: { stream: boolean }): string {
    try {
      return this.#text.decode(bytes, options);
    } catch (cause) {
      throw badStream(this.#provider, 'its bytes are not UTF-8', { cause });
    }
  }

  #take(): SseEvent[] {
    if (this.#tooLong) throw badStream(this.#provider, `one event is over ${MAX_EVENT_LENGTH} characters`);
    const events = this.#events;
    if (events.length > 0) this.#events = [];
    return events;
  }
}
