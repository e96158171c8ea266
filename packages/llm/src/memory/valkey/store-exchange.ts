import { connectValkey, type Reply, reasonOf, type ValkeyConnection } from './connection.js';
import type { Inbox } from './inbox.js';
import type { Outbox } from './outbox.js';
import type { ValkeyTarget } from './target.js';

/** A store that does not answer for so long is gone, ms. */
const TIMEOUT_MS = 2_000;
/** Longest pause between two attempts to connect, ms. */
const MAX_RETRY_MS = 5_000;
/** News is written at once, but no more often than this, ms. */
const SOONEST_MS = 50;

/** A pause that keeps no process alive and that `wake` ends. */
class Pause {
  #end: (() => void) | undefined;

  for(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.wake(), ms).unref();
      this.#end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  wake(): void {
    this.#end?.();
    this.#end = undefined;
  }
}

/** What an exchange connects. */
export interface StoreExchangeOptions {
  target: ValkeyTarget;
  ca: string | Buffer | undefined;
  /** How often the store is read, ms. */
  pollMs: number;
  outbox: Outbox;
  inbox: Inbox;
  /** Called after each exchange, with what is wrong, if anything. */
  onProblem(problem: string | undefined): void;
}

/** Writes and reads in the background, one exchange at a time. Nothing ever waits for it. */
export class StoreExchange {
  readonly #options: StoreExchangeOptions;
  readonly #pause = new Pause();
  /** Before the next attempt to connect. News does not shorten it. */
  readonly #retry = new Pause();
  #isClosed = false;
  #hasNews = false;
  #onRead: (() => void)[] = [];
  readonly #ended: Promise<void>;
  written = 0;
  refused = 0;

  constructor(options: StoreExchangeOptions) {
    this.#options = options;
    this.#ended = this.#run();
  }

  /** News waits: writes it soon. */
  hurry(): void {
    this.#hasNews = true;
    this.#pause.wake();
  }

  /** Resolves after the times of all followed models have been read, at the latest after `withinMs`. */
  read(withinMs: number): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      this.#onRead.push(() => {
        clearTimeout(timer);
        resolve();
      });
      this.hurry();
    });
  }

  /** Writes what waits, if the store takes it at once, and ends. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#pause.wake();
    this.#retry.wake();
    await this.#ended;
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#isClosed) {
      let connection: ValkeyConnection | undefined;
      try {
        const { target, ca } = this.#options;
        connection = await connectValkey(target, { timeoutMs: TIMEOUT_MS, ca });
        await this.#exchangeUntilClosed(connection, () => {
          failures = 0;
        });
      } catch (error) {
        failures += 1;
        this.#options.onProblem(`is gone (${reasonOf(error)})`);
      } finally {
        connection?.destroy();
      }
      // Spread out, so that a thousand processes do not come back in the same moment.
      const longestMs = Math.min(MAX_RETRY_MS, this.#options.pollMs * 2 ** Math.min(failures, 5));
      if (!this.#isClosed) await this.#retry.for(longestMs * (0.5 + Math.random() / 2));
    }
  }

  async #exchangeUntilClosed(connection: ValkeyConnection, onDone: () => void): Promise<void> {
    for (;;) {
      const isLast = this.#isClosed;
      this.#hasNews = false;
      const problem = await this.#exchange(connection);
      this.#options.onProblem(problem);
      onDone();
      if (isLast) return;
      if (this.#options.inbox.isRead) for (const resolve of this.#onRead.splice(0)) resolve();
      if (!this.#hasNews && !this.#isClosed) await this.#pause.for(this.#options.pollMs);
      if (this.#hasNews && !this.#isClosed) await new Pause().for(SOONEST_MS);
    }
  }

  /** @returns what the store refuses, if anything */
  async #exchange(connection: ValkeyConnection): Promise<string | undefined> {
    const { inbox, outbox } = this.#options;
    const writes = outbox.take();
    const readings = inbox.readings();
    const commands = [...writes, ...readings.map(({ command }) => command)];
    const replies = await connection.send(commands.length > 0 ? commands : [['PING']]);
    const [written, read] = [replies.slice(0, writes.length), replies.slice(writes.length)];
    for (const [at, reading] of readings.entries()) await reading.take(read[at]!);
    const refused = written.filter(isError);
    this.refused += refused.length;
    this.written += written.length - refused.length;
    if (refused.length > 0) return `takes no writes (${refused[0]!.error})`;
    const unread = read.find(isError);
    return unread && `cannot be read (${unread.error})`;
  }
}

const isError = (reply: Reply): reply is Extract<Reply, { error: string }> => reply.error !== undefined;
