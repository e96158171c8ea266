import type { ChatEvent } from '../chat.js';
import type { ChatStream } from '../model.js';
import { hasClause } from '../policy/stall/clause.js';
import type { RouteAttempt } from '../trace.js';

/** Called as an attempt proceeds. Nothing is called after it has ended. */
export interface AttemptEvents {
  onEvent(attempt: Attempt, event: ChatEvent): void;
  onEnd(attempt: Attempt): void;
  onFailed(attempt: Attempt, error: unknown): void;
}

/** One request to one model, within the race for an answer. */
export class Attempt {
  readonly index: number;
  readonly chat: ChatStream;
  readonly startedMs: number;
  /** Its entry in the trace. */
  readonly record: RouteAttempt;
  /** Sent to measure the model: if it loses the race, it may run until its first content. */
  readonly exploring: boolean;
  /** Another attempt with the same model was already running. */
  readonly duplicate: boolean;
  /** Its rate-limit headers have been recorded. */
  headersRead = false;
  /** Its events go to the exploration, no longer to the race. */
  handedOver = false;
  /** Cancelled only because another attempt won: the model may be asked again. */
  lostRace = false;
  /** `late`: running, past its deadline or stalled. `empty`: ended without content. */
  state: 'running' | 'late' | 'failed' | 'empty' | 'stopped' = 'running';
  endedMs: number | undefined;
  error: unknown;
  /** Events that were read but not passed on yet. */
  held: ChatEvent[] = [];
  holdsContent = false;
  #text = '';
  #events: AttemptEvents | undefined;

  constructor(options: {
    index: number;
    chat: ChatStream;
    startedMs: number;
    record: RouteAttempt;
    exploring?: boolean;
    duplicate: boolean;
  }) {
    this.duplicate = options.duplicate;
    this.exploring = options.exploring ?? false;
    this.index = options.index;
    this.chat = options.chat;
    this.startedMs = options.startedMs;
    this.record = options.record;
  }

  /** Running and still part of the race. */
  get racing(): boolean {
    return this.active && !this.handedOver;
  }

  /** Part of the race and not late. */
  get inTime(): boolean {
    return this.state === 'running' && !this.handedOver;
  }

  /** Running, late or not. */
  get active(): boolean {
    return this.state === 'running' || this.state === 'late';
  }

  /** Content has started; a tool call may still be incomplete. */
  get hasContent(): boolean {
    return this.chat.trace.marks.firstContent !== undefined;
  }

  /** Reads the stream to its end and reports to `events`. */
  async read(events: AttemptEvents): Promise<void> {
    this.#events = events;
    try {
      for await (const event of this.chat) {
        if (!this.active) return;
        this.#events.onEvent(this, event);
      }
      if (this.active) this.#events.onEnd(this);
    } catch (error) {
      if (this.active) this.#events.onFailed(this, error);
    }
  }

  /** Reports to other callbacks from now on; they must end the attempt. */
  handOver(events: AttemptEvents): void {
    this.#events = events;
    this.handedOver = true;
  }

  /** Keeps an event until it is released. */
  hold(event: ChatEvent): void {
    this.held.push(event);
    if (event.type === 'text' || event.type === 'toolCall') this.holdsContent = true;
    if (event.type === 'text') this.#text += event.text;
  }

  /** The held events can be passed on: they contain a clause or a tool call, or the answer is complete. */
  get readyToRelease(): boolean {
    return hasClause(this.#text) || this.held.some(({ type }) => type === 'toolCall' || type === 'finish');
  }

  /** Returns the held events and clears them. */
  takeHeld(): ChatEvent[] {
    const held = this.held;
    this.held = [];
    return held;
  }

  /** Ends the attempt; `stopped` cancels the request. */
  end(state: 'failed' | 'empty' | 'stopped', nowMs: number): void {
    this.state = state;
    this.endedMs = nowMs;
    if (state === 'stopped') this.chat.cancel();
  }
}
