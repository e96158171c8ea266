import type { Clock } from '@firstword/turn';
import { type LatencyObservation, WINDOW_SIZE } from '../policy/latency/window.js';
import type { HealthNews, MemoryFollower } from './router-memory.js';

/** More models than any router has. Beyond this, the one that came first is forgotten. */
const MAX_MODELS = 1_000;
/** News that is older is of no use to a router that starts now, ms: no breaker stays open for longer. */
const MAX_NEWS_AGE_MS = 60_000;

interface ModelEntry {
  times: LatencyObservation[];
  news: Map<HealthNews['type'], { news: HealthNews; atMs: number }>;
  followers: Set<MemoryFollower>;
}

/** What the routers of this process know about each model: the newest times and news, in bounded memory. */
export class MemoryHub {
  readonly #clock: Clock;
  readonly #models = new Map<string, ModelEntry>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Names of the models that are followed. */
  get followed(): string[] {
    return [...this.#models].filter(([, { followers }]) => followers.size > 0).map(([model]) => model);
  }

  /** The newest times of a model, oldest first. */
  times(model: string): LatencyObservation[] {
    return [...(this.#models.get(model)?.times ?? [])];
  }

  /** Keeps times and tells every follower but `by`. */
  addTimes(model: string, seen: readonly LatencyObservation[], by?: MemoryFollower): void {
    if (seen.length === 0) return;
    const entry = this.#entry(model);
    entry.times.push(...seen);
    if (entry.times.length > WINDOW_SIZE) entry.times.splice(0, entry.times.length - WINDOW_SIZE);
    for (const follower of entry.followers) if (follower !== by) follower.onTimes(seen);
  }

  /** Keeps news that is `ageMs` old and tells every follower but `by`. */
  addNews(model: string, news: HealthNews, { by, ageMs = 0 }: { by?: MemoryFollower; ageMs?: number }): void {
    const entry = this.#entry(model);
    entry.news.set(news.type, { news, atMs: this.#clock.nowMs() - ageMs });
    for (const follower of entry.followers) if (follower !== by) follower.onHealth(news, ageMs);
  }

  /** Tells a follower the latest news, and everything from now on. */
  follow(model: string, follower: MemoryFollower): () => void {
    const { followers, news } = this.#entry(model);
    followers.add(follower);
    for (const known of news.values()) {
      const ageMs = this.#clock.nowMs() - known.atMs;
      if (ageMs < MAX_NEWS_AGE_MS) follower.onHealth(known.news, ageMs);
    }
    return () => followers.delete(follower);
  }

  #entry(model: string): ModelEntry {
    const known = this.#models.get(model);
    if (known) return known;
    if (this.#models.size >= MAX_MODELS) this.#forgetOne();
    const entry: ModelEntry = { times: [], news: new Map(), followers: new Set() };
    this.#models.set(model, entry);
    return entry;
  }

  #forgetOne(): void {
    for (const [model, { followers }] of this.#models) {
      if (followers.size > 0) continue;
      this.#models.delete(model);
      return;
    }
  }
}
