import type { HealthNews } from '../router-memory.js';
import { addTime, expire, keysOf, setNews } from './commands.js';

/** More than a process measures while a store is away for a moment. Then the oldest times are dropped. */
const MAX_TIMES = 2_000;
/** Times that are written at once. */
const BATCH = 500;
/** More models than any process has. */
const MAX_NEWS = 1_000;

/** What is not written to the store yet, in bounded memory. */
export class Outbox {
  readonly #prefix: string;
  readonly #maxAgeMs: number;
  readonly #times: { model: string; record: string }[] = [];
  /** The latest of each type and model: older news is of no use. */
  readonly #news = new Map<string, { news: HealthNews; record: string }>();
  dropped = 0;

  constructor(options: { prefix: string; maxAgeMs: number }) {
    this.#prefix = options.prefix;
    this.#maxAgeMs = options.maxAgeMs;
  }

  /** The number of records that wait. */
  get size(): number {
    return this.#times.length + this.#news.size;
  }

  addTime(model: string, record: string): void {
    this.#times.push({ model, record });
    if (this.#times.length <= MAX_TIMES) return;
    this.#times.shift();
    this.dropped += 1;
  }

  addNews(model: string, news: HealthNews, record: string): void {
    const key = keysOf(this.#prefix, model)[news.type];
    if (!this.#news.has(key) && this.#news.size >= MAX_NEWS) this.dropped += 1;
    else this.#news.set(key, { news, record });
  }

  /** Takes the next batch out, as commands. What they do not store is lost. */
  take(): string[][] {
    const news = [...this.#news].map(([key, entry]) => setNews(key, entry.news, entry.record));
    this.#news.clear();
    const times = this.#times.splice(0, BATCH).map(({ model, record }) => ({
      key: keysOf(this.#prefix, model).times,
      record,
    }));
    const keys = [...new Set(times.map(({ key }) => key))];
    return [
      ...news,
      ...times.map(({ key, record }) => addTime(key, record)),
      ...keys.map((key) => expire(key, this.#maxAgeMs)),
    ];
  }
}
