import { type Clock, systemClock } from '@firstword/turn';
import { GatewayError } from '../answer/failure.js';
import type { JsonFields } from '../answer/fields.js';

/** Options of a `ConversationStore`. */
export interface ConversationStoreOptions {
  /** Most conversations; the one that was used longest ago makes room. Default 2000. */
  maxEntries?: number;
  /** Most text of all conversations together, UTF-16 code units; default 64 million. */
  maxLength?: number;
  /** A conversation is forgotten this long after its last use, ms; default one hour, as long as OpenAI keeps a WebSocket. */
  maxAgeMs?: number;
  /** Default: the system's clock. */
  clock?: Clock;
}

interface Entry {
  messages: readonly JsonFields[];
  /** The items of the response, by which clients can refer to them. */
  items: readonly JsonFields[];
  length: number;
  usedMs: number;
}

/** Length of a message with its images and tool calls, UTF-16 code units. */
function lengthOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 8;
  return Object.values(value).reduce((sum: number, part) => sum + lengthOf(part), 16);
}

/**
 * The conversations that clients continue with `previous_response_id`, in memory and bounded. Ids are random, so only the
 * client that got one can continue it. A conversation that is gone is refused with the code at which LiveKit's plugins and
 * others send the whole conversation again.
 */
export class ConversationStore {
  readonly #entries = new Map<string, Entry>();
  /** Id of the response of each item. */
  readonly #responseOf = new Map<string, string>();
  readonly #options: Required<ConversationStoreOptions>;
  #length = 0;

  constructor(options: ConversationStoreOptions = {}) {
    this.#options = {
      maxEntries: options.maxEntries ?? 2_000,
      maxLength: options.maxLength ?? 64_000_000,
      maxAgeMs: options.maxAgeMs ?? 3_600_000,
      clock: options.clock ?? systemClock,
    };
  }

  /** The conversation up to and including this response. @throws GatewayError 400, `previous_response_not_found` */
  read(responseId: string): readonly JsonFields[] {
    const entry = this.#use(responseId);
    if (!entry) {
      throw new GatewayError(
        400,
        'the previous response is not stored (any more): send the whole conversation without previous_response_id',
        { labels: { param: 'previous_response_id', code: 'previous_response_not_found' } },
      );
    }
    return entry.messages;
  }

  /** An item of a stored response. @throws GatewayError 404 for one that is not stored */
  item(id: string): JsonFields {
    const item = this.#use(this.#responseOf.get(id) ?? '')?.items.find((one) => one.id === id);
    if (item) return item;
    throw new GatewayError(
      404,
      'an item that the input refers to is not stored (any more): send the item itself',
      {
        code: 'bad_request',
        labels: { param: 'input' },
      },
    );
  }

  /** Stores the conversation that ends with this response, and the response's items. */
  write(responseId: string, messages: readonly JsonFields[], items: readonly JsonFields[] = []): void {
    const length = [...messages, ...items].reduce((sum, one) => sum + lengthOf(one), 0);
    this.#entries.set(responseId, { messages, items, length, usedMs: this.#options.clock.nowMs() });
    for (const { id } of items) this.#responseOf.set(String(id), responseId);
    this.#length += length;
    this.#dropOld();
  }

  #use(responseId: string): Entry | undefined {
    this.#dropOld();
    const entry = this.#entries.get(responseId);
    if (!entry) return undefined;
    this.#entries.delete(responseId);
    entry.usedMs = this.#options.clock.nowMs();
    this.#entries.set(responseId, entry);
    return entry;
  }

  /** The entries are in the order of their last use. */
  #dropOld(): void {
    const { maxEntries, maxLength, maxAgeMs, clock } = this.#options;
    const oldestMs = clock.nowMs() - maxAgeMs;
    for (const [id, { length, usedMs, items }] of this.#entries) {
      const fits = this.#entries.size <= maxEntries && this.#length <= maxLength;
      if (fits && usedMs >= oldestMs) return;
      this.#entries.delete(id);
      for (const item of items) this.#responseOf.delete(String(item.id));
      this.#length -= length;
    }
  }
}
