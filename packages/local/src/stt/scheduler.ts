import { FirstwordError } from '@firstword/turn';
import type { DecodeEngine, DecodeRequest } from './engine.js';
import type { Decoded } from './protocol.js';

/** Purpose of a decode as its priority; a lower number goes first. */
export const URGENCY = { final: 0, pause: 1, dip: 2, interim: 3 } as const;
/** Priority of a decode, 0 (final) to 3 (interim). */
export type Urgency = (typeof URGENCY)[keyof typeof URGENCY];

/** A decode in progress. Its urgency may rise while it runs, if an interim turns out to be the final. */
export interface RunningDecode {
  urgency: Urgency;
  done(decoded: Decoded): void;
  failed(error: FirstwordError): void;
}

/** Supplies audio to decode. It is asked when the engine is free, so that the audio is always the latest. */
export interface DecodeSource {
  /** Urgency of the next decode, in addition to the running one; `undefined` if none is needed. */
  wants(): Urgency | undefined;
  /** What to decode, and where its result goes. Called only if `wants` returned an urgency. */
  take(): { request: DecodeRequest; running: RunningDecode };
}

/**
 * Shares one engine among any number of sources. There is no queue: when the engine is free, the most urgent source is
 * asked for its latest audio, so that interims cannot pile up and finals go first. A running interim is stopped for a
 * more urgent decode; its tokens so far become the next draft.
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

  /** Call this after any change: starts the most urgent decode, or stops a less urgent one for it. */
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

/**
 * Whether a running decode is stopped for a more urgent one. Only dips and interims are; a pause decode may become a
 * final.
 */
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
