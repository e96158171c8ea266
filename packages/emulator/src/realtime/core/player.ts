import type { Clock } from '@firstword/turn';
import type { Timers } from '../../speech/timers.js';

/** What an `EventPlayer` plays. */
export interface PlayerOptions<Event extends { atMs: number }> {
  events: readonly Event[];
  /** Clock, ms: the origin of the events' times. */
  startMs: number;
  /** When `onDone` is called, ms after `startMs`; never if `undefined`. */
  doneMs: number | undefined;
  clock: Clock;
  timers: Timers;
  onEvent(event: Event): void;
  onDone(): void;
}

/** Plays timed events in order: timers of their own could overtake each other. */
export class EventPlayer<Event extends { atMs: number }> {
  readonly #options: PlayerOptions<Event>;
  #next = 0;
  #isStopped = false;

  constructor(options: PlayerOptions<Event>) {
    this.#options = options;
  }

  start(): void {
    this.#play();
  }

  /** Nothing more is played, and `onDone` is not called. */
  stop(): void {
    this.#isStopped = true;
  }

  #play(): void {
    const { events, startMs, doneMs, clock, timers } = this.#options;
    const nowMs = clock.nowMs() - startMs;
    for (; this.#next < events.length && events[this.#next]!.atMs <= nowMs; this.#next += 1) {
      if (this.#isStopped) return;
      this.#options.onEvent(events[this.#next]!);
    }
    if (this.#isStopped) return;
    const dueMs = this.#next < events.length ? events[this.#next]!.atMs : doneMs;
    if (dueMs === undefined) return;
    if (dueMs <= nowMs) this.#options.onDone();
    else timers.at(startMs + dueMs, () => this.#play());
  }
}
