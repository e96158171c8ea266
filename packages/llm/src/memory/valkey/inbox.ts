import { setImmediate } from 'node:timers/promises';
import type { Clock } from '@firstword/turn';
import type { MemoryHub } from '../memory-hub.js';
import { receive } from '../receive.js';
import type { StoredRecord } from '../record.js';
import { getNews, getTimes, keysOf, newsIn, timesIn } from './commands.js';
import type { Reply } from './connection.js';

/** How often new times are read, ms. They change slowly, and with a thousand processes there are many. */
const TIMES_EVERY_MS = 10_000;
/** Records that are read between two turns of the event loop: a large reply must not delay an answer. */
const SLICE = 50;

/** What is known of one model's keys. */
interface Cursor {
  /** Id of the newest time that was read. */
  newestId: string | undefined;
  /** When times were last read, ms; `undefined`: never since the connection was opened. */
  readMs: number | undefined;
  /** The news that was read last: it is passed on once. */
  news: Map<string, string>;
}

/** One thing to read from the store, and what to do with the reply. */
export interface Reading {
  command: string[];
  take(reply: Reply): Promise<void>;
}

/** Reads what others have written, and passes what is new to the routers of this process. */
export class Inbox {
  readonly #hub: MemoryHub;
  readonly #prefix: string;
  readonly #origin: { by: string; maxAgeMs: number; clock: Clock };
  readonly #cursors = new Map<string, Cursor>();
  received = 0;

  constructor(options: { hub: MemoryHub; prefix: string; by: string; maxAgeMs: number; clock: Clock }) {
    const { hub, prefix, ...origin } = options;
    this.#hub = hub;
    this.#prefix = prefix;
    this.#origin = origin;
  }

  /** The times of every followed model have been read. */
  get isRead(): boolean {
    return this.#hub.followed.every((model) => this.#cursors.get(model)?.readMs !== undefined);
  }

  /** What to read now. */
  readings(): Reading[] {
    const { followed } = this.#hub;
    for (const model of this.#cursors.keys()) if (!followed.includes(model)) this.#cursors.delete(model);
    return followed.flatMap((model) => this.#readingsOf(model));
  }

  #readingsOf(model: string): Reading[] {
    const cursor = this.#cursors.get(model) ?? { newestId: undefined, readMs: undefined, news: new Map() };
    this.#cursors.set(model, cursor);
    const keys = keysOf(this.#prefix, model);
    const news = [keys.opened, keys.limits].map((key) => ({
      command: getNews(key),
      take: async (reply: Reply) => this.#takeNews({ cursor, key, model }, reply),
    }));
    const nowMs = this.#origin.clock.nowMs();
    if (cursor.readMs !== undefined && nowMs - cursor.readMs < TIMES_EVERY_MS) return news;
    const times = {
      command: getTimes(keys.times, cursor.newestId),
      take: (reply: Reply) => this.#takeTimes(cursor, model, reply),
    };
    return [...news, times];
  }

  #takeNews({ cursor, key, model }: { cursor: Cursor; key: string; model: string }, { value }: Reply): void {
    const record = newsIn(value, model);
    if (!record || cursor.news.get(key) === record.text) return;
    cursor.news.set(key, record.text);
    this.#receive([record]);
  }

  async #takeTimes(cursor: Cursor, model: string, { value }: Reply): Promise<void> {
    cursor.readMs = this.#origin.clock.nowMs();
    const { records, newestId } = timesIn(value, model);
    cursor.newestId = newestId ?? cursor.newestId;
    for (let at = 0; at < records.length; at += SLICE) {
      this.#receive(records.slice(at, at + SLICE));
      await setImmediate();
    }
  }

  #receive(records: readonly StoredRecord[]): void {
    this.received += records.filter(({ by }) => by !== this.#origin.by).length;
    receive(this.#hub, records, this.#origin);
  }
}
