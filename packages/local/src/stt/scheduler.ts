import { FirstwordError } from '@firstword/turn';
import type { DecodeEngine, DecodeRequest } from './engine.js';
import type { Decoded } from './protocol.js';

/** What a decode is for; a lower number goes first. */
export const URGENCY = { final: 0, pause: 1, dip: 2, interim: 3 } as const;
export type Urgency = (typeof URGENCY)[keyof typeof URGENCY];

/** A decode in progress. Its urgency may rise while it runs: an interim that turns out to be the final. */
export interface RunningDecode {
  urgency: Urgency;
  done(decoded: Decoded): void;
  failed(error: FirstwordError): void;
}

/** Somebody who has audio to decode. Asked when the engine is free, so the audio is always the latest. */
export interface DecodeSource {
  /** How urgently a decode is wanted, besides the one running; `undefined` for not now. */
  wants(): Urgency | undefined;
  /** Called only when something is wanted: what to decode, and where the outcome goes. */
  take(): { request: DecodeRequest; running: RunningDecode };
}

/**
 * Shares one engine among any number of sources. There is no queue: whoever wants a decode most is asked for its
 * latest audio when the engine is free, so interims can never pile up, and finals go first. A running interim is
 * stopped for the sake of something more urgent; what it found so far serves as the next draft.
 */
export class Scheduler {
  readonly #engine: DecodeEngine;
  /** In the order of their last turn, so that equals alternate. */
  readonly #sources = new Set<DecodeSource>();
  #running: RunningDecode | undefined;
  #cancelling = false;

  constructor(engine: DecodeEngine) {
    this.#engine = engine;
  }

  add(source: DecodeSource): void {
    this.#sources.add(source);
  }

  remove(source: DecodeSource): void {
    this.#sources.delete(source);
  }

  /** Something changed: start or make room for the most urgent decode. */
  nudge(): void {
    const next = mostUrgent(this.#sources);
    if (!next) return;
    if (this.#engine.free) this.#start(next.source);
    else if (this.#running && !this.#cancelling && shouldYield(this.#running.urgency, next.urgency)) {
      this.#cancelling = true;
      this.#engine.cancel();
    }
  }

  #start(source: DecodeSource): void {
    this.#sources.delete(source);
    this.#sources.add(source);
    const { request, running } = source.take();
    this.#running = running;
    this.#cancelling = false;
    this.#engine.decode(request).then(
      (decoded) => {
        this.#running = undefined;
        running.done(decoded);
        this.nudge();
      },
      (error: unknown) => {
        this.#running = undefined;
        running.failed(asFirstwordError(error));
        this.nudge();
      },
    );
  }
}

/** Only what nobody waits for yields: a pause decode is about to become somebody's final. */
export function shouldYield(running: Urgency, wanted: Urgency): boolean {
  return running >= URGENCY.dip && wanted < running;
}

/** The most urgent source; among equals, the one that has waited longest for its turn. */
export function mostUrgent(
  sources: Iterable<DecodeSource>,
): { source: DecodeSource; urgency: Urgency } | undefined {
  let best: { source: DecodeSource; urgency: Urgency } | undefined;
  for (const source of sources) {
    const urgency = source.wants();
    if (urgency !== undefined && (!best || urgency < best.urgency)) best = { source, urgency };
  }
  return best;
}

function asFirstwordError(error: unknown): FirstwordError {
  return error instanceof FirstwordError
    ? error
    : new FirstwordError('internal', 'Speech-to-text failed unexpectedly.', { cause: error });
}
