import { type Clock, systemClock } from '@firstword/turn';
import { MemoryHub } from '../memory-hub.js';
import { processName } from '../receive.js';
import { healthRecord, timeRecord } from '../record.js';
import type { RouterMemory } from '../router-memory.js';
import { Inbox } from './inbox.js';
import { Outbox } from './outbox.js';
import { StoreExchange } from './store-exchange.js';
import { valkeyTarget } from './target.js';

/** Options of `valkeyMemory`. */
export interface ValkeyMemoryOptions {
  /**
   * `redis://user:password@host:6379/0`; `rediss://` for TLS (`valkey://` and `valkeys://` mean the same). Default:
   * VALKEY_URL, then REDIS_URL. A password that is not in it comes from VALKEY_PASSWORD or REDIS_PASSWORD.
   */
  url?: string;
  /** Certificate authority to trust in addition to those of Node, PEM. */
  ca?: string | Buffer;
  /** Every key begins with it. Give each deployment one of its own; default `firstword`. */
  keyPrefix?: string;
  /** Older times are ignored, and dropped by the store, ms; default 24 hours. */
  maxAgeMs?: number;
  /** How often the store is read for what others found out, ms; default 500. */
  pollMs?: number;
  /** Gets one line when the store is gone and one when it is back; default `console.warn`. */
  onStatus?: (line: string) => void;
  /** Clock for the age of records; default the system's. */
  clock?: Clock;
}

/** How the exchange with a store goes. */
export interface ValkeyStats {
  isConnected: boolean;
  /** Commands that the store took, and those that it refused. */
  written: number;
  refused: number;
  /** Records of others that were read. */
  received: number;
  /** Records that wait to be written, and those that were dropped because too many waited. */
  waiting: number;
  dropped: number;
}

/** A memory that machines share. */
export interface ValkeyMemory extends Required<RouterMemory> {
  stats(): ValkeyStats;
  /** Writes what waits, if the store takes it within two seconds, and closes the connection. */
  close(): Promise<void>;
}

const DAY_MS = 86_400_000;
/** How long `ready()` waits for the store, ms. */
const READY_MS = 500;

/**
 * Shares what routers learn between machines, through a Valkey or Redis server (6.2 or later; not a cluster). Everything is read
 * from the memory of this process; the store is read and written in the background. If it is gone, slow or full, requests
 * lose nothing, and this process learns nothing from others until it is back; it reconnects by itself.
 *
 * Stores times to first content, opened breakers and exhausted rate limits, by the names of the models. Never text, never a
 * key. Needs the package `@redis/client`.
 * @throws FirstwordError `bad_input` without an address, or with one that is none
 */
export function valkeyMemory(options: ValkeyMemoryOptions = {}): ValkeyMemory {
  const { keyPrefix: prefix = 'firstword', maxAgeMs = DAY_MS, pollMs = 500, clock = systemClock } = options;
  const target = valkeyTarget(options.url, process.env);
  const by = processName();
  const hub = new MemoryHub(clock);
  const outbox = new Outbox({ prefix, maxAgeMs });
  const inbox = new Inbox({ hub, prefix, by, maxAgeMs, clock });
  const status = new Status(target.place, options.onStatus ?? ((line) => console.warn(line)));
  const exchange = new StoreExchange({
    target,
    ca: options.ca,
    pollMs,
    outbox,
    inbox,
    onProblem: (problem) => status.set(problem),
  });
  const origin = (model: string) => ({ at: clock.wallMs(), model, by });
  return {
    load: (model) => hub.times(model),
    append: (model, seen, follower) => {
      hub.addTimes(model, [seen], follower);
      outbox.addTime(model, timeRecord(origin(model), seen));
    },
    report: (model, news, follower) => {
      hub.addNews(model, news, follower ? { by: follower } : {});
      outbox.addNews(model, news, healthRecord(origin(model), news));
      exchange.hurry();
    },
    follow: (model, follower) => hub.follow(model, follower),
    ready: () => exchange.read(READY_MS),
    stats: () => ({
      isConnected: status.isConnected,
      written: exchange.written,
      refused: exchange.refused,
      received: inbox.received,
      waiting: outbox.size,
      dropped: outbox.dropped,
    }),
    close: () => exchange.close(),
  };
}

/** Says once that the store is gone, and once that it is back. */
class Status {
  readonly #place: string;
  readonly #say: (line: string) => void;
  #problem: string | undefined;
  isConnected = false;

  constructor(place: string, say: (line: string) => void) {
    this.#place = place;
    this.#say = say;
  }

  set(problem: string | undefined): void {
    this.isConnected = problem === undefined;
    const [had, has] = [this.#problem !== undefined, problem !== undefined];
    this.#problem = problem;
    if (had === has) return;
    const store = `firstword: the store at ${this.#place}`;
    if (has) this.#say(`${store} ${problem}: routers go on with what they know themselves`);
    else this.#say(`${store} is back`);
  }
}
