import type { Clock } from '@firstword/turn';

/** How long a confirmation is kept whose request has not arrived yet, ms. */
const EARLY_MS = 10_000;
/** Maximum number of such confirmations. */
const MAX_EARLY = 1_000;

/** A speculative request, for the router. */
export interface Speculation {
  /** Settles when the request is confirmed. */
  awaited: Promise<void>;
  /** When the caller started to wait, Unix time, ms; known after the confirmation, if at all. */
  waitingSinceUnixMs(): number | undefined;
  /** The request has ended. */
  close(): void;
}

interface Entry {
  resolve: () => void;
  sinceMs: number | undefined;
}

/**
 * Requests that were sent before the caller's turn was over. The client names each, and confirms it by that name as soon as
 * a caller waits for the answer. The two may arrive in either order, because they use different connections.
 */
export class Speculations {
  readonly #clock: Clock;
  readonly #open = new Map<string, Entry>();
  readonly #early = new Map<string, { atMs: number; sinceMs: number | undefined }>();

  constructor(options: { clock: Clock }) {
    this.#clock = options.clock;
  }

  /** Registers a request. A second one of the same name replaces the first. */
  open(id: string, sinceMs: number | undefined): Speculation {
    const entry: Entry = { resolve: () => {}, sinceMs };
    const awaited = new Promise<void>((resolve) => {
      entry.resolve = resolve;
    });
    const early = this.#takeEarly(id);
    if (early) {
      entry.sinceMs = early.sinceMs ?? sinceMs;
      entry.resolve();
    } else this.#open.set(id, entry);
    return {
      awaited,
      waitingSinceUnixMs: () => entry.sinceMs,
      close: () => {
        if (this.#open.get(id) === entry) this.#open.delete(id);
      },
    };
  }

  /** A caller waits for this request. False if it has not arrived, or has ended. */
  confirm(id: string, sinceMs: number | undefined): boolean {
    const entry = this.#open.get(id);
    if (entry) {
      this.#open.delete(id);
      entry.sinceMs = sinceMs ?? entry.sinceMs;
      entry.resolve();
      return true;
    }
    this.#early.delete(id);
    this.#early.set(id, { atMs: this.#clock.nowMs(), sinceMs });
    if (this.#early.size > MAX_EARLY) this.#early.delete(this.#early.keys().next().value!);
    return false;
  }

  #takeEarly(id: string): { sinceMs: number | undefined } | undefined {
    const early = this.#early.get(id);
    this.#early.delete(id);
    return early && this.#clock.nowMs() - early.atMs <= EARLY_MS ? early : undefined;
  }
}
