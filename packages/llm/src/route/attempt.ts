import type { ChatEvent } from '../chat.js';
import type { ChatStream } from '../model.js';
import { hasClause } from '../policy/stall/clause.js';
import type { RouteAttempt } from '../trace.js';

export interface AttemptEvents {
  onEvent(attempt: Attempt, event: ChatEvent): void;
  onEnd(attempt: Attempt): void;
  onFailed(attempt: Attempt, error: unknown): void;
}

/** One model's request within a race. */
export class Attempt {
  readonly index: number;
  readonly chat: ChatStream;
  readonly startedMs: number;
  /** Its line in the trace. */
  readonly record: RouteAttempt;
  /** Sent to learn something: when it loses, it may go on to its first content. */
  readonly exploring: boolean;
  /** Sent beside another one to the same model. */
  readonly duplicate: boolean;
  /** Its response headers have been noted. */
  headersRead = false;
  handedOver = false;
  /** Stopped through no fault of its own, because another had begun: it may be asked again. */
  lostRace = false;
  state: 'running' | 'late' | 'failed' | 'empty' | 'stopped' = 'running';
  endedMs: number | undefined;
  error: unknown;
  /** Read but not yet passed on. */
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

  /** Still of use to the race. */
  get racing(): boolean {
    return this.active && !this.handedOver;
  }

  /** Of use, and not past its deadline. */
  get inTime(): boolean {
    return this.state === 'running' && !this.handedOver;
  }

  get active(): boolean {
    return this.state === 'running' || this.state === 'late';
  }

  /** Content has begun, though a tool call may not yet be whole. */
  get hasContent(): boolean {
    return this.chat.trace.marks.firstContent !== undefined;
  }

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

  /** From now on somebody else is told what happens, and ends it. */
  handOver(events: AttemptEvents): void {
    this.#events = events;
    this.handedOver = true;
  }

  hold(event: ChatEvent): void {
    this.held.push(event);
    if (event.type === 'text' || event.type === 'toolCall') this.holdsContent = true;
    if (event.type === 'text') this.#text += event.text;
  }

  /** What is held is ready to be heard: a clause, a tool call, or all there is. */
  get readyToRelease(): boolean {
    return hasClause(this.#text) || this.held.some(({ type }) => type === 'toolCall' || type === 'finish');
  }

  takeHeld(): ChatEvent[] {
    const held = this.held;
    this.held = [];
    return held;
  }

  end(state: 'failed' | 'empty' | 'stopped', nowMs: number): void {
    this.state = state;
    this.endedMs = nowMs;
    if (state === 'stopped') this.chat.cancel();
  }
}
