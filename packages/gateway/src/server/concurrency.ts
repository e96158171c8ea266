import { GatewayError } from '../answer/failure.js';
import type { GatewayLimits } from '../options.js';

/** Counts the answers under way, in all and for each client. */
export class Concurrency {
  readonly #limits: GatewayLimits;
  readonly #clients = new Map<string, number>();
  #total = 0;
  #onIdle: (() => void)[] = [];

  constructor(limits: GatewayLimits) {
    this.#limits = limits;
  }

  /** Answers under way. */
  get total(): number {
    return this.#total;
  }

  /** Calls `act` once no answer is under way. */
  onceIdle(act: () => void): void {
    if (this.#total === 0) act();
    else this.#onIdle.push(act);
  }

  /**
   * Counts one more answer. Call the returned function once, when it has ended.
   * @throws GatewayError 429 or 503 above the limits
   */
  enter(client: string): () => void {
    const { concurrent, concurrentPerClient } = this.#limits;
    const count = this.#clients.get(client) ?? 0;
    if (count >= concurrentPerClient)
      throw new GatewayError(
        429,
        `this client has ${count} answers under way, which is the gateway's limit: wait for some to end, or raise limits.concurrentPerClient`,
        { code: 'rate_limited', retryAfterMs: 1_000, retryable: true },
      );
    if (this.#total >= concurrent)
      throw new GatewayError(503, 'the gateway has as many answers under way as it takes: try again', {
        code: 'rate_limited',
        retryAfterMs: 1_000,
        retryable: true,
      });
    this.#clients.set(client, count + 1);
    this.#total += 1;
    return () => {
      this.#total -= 1;
      const left = this.#clients.get(client)! - 1;
      if (left > 0) this.#clients.set(client, left);
      else this.#clients.delete(client);
      if (this.#total === 0) for (const act of this.#onIdle.splice(0)) act();
    };
  }
}
