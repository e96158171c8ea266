import { ClauseCutter, toSpeech } from '@firstword/turn';
import type { ChatEvent } from '../chat.js';
import type { ChatStream } from '../model.js';
import type { RouteAttempt } from '../trace.js';

/** Whether an event, or one of a frame, is text or a part of a tool call. */
export function isContent(event: ChatEvent): boolean {
  if (event.type === 'frame') return event.events.some(isContent);
  return event.type === 'text' || event.type === 'toolCallDelta' || event.type === 'toolCall';
}

/** Called as an attempt proceeds. Nothing is called after it has ended. */
export interface AttemptEvents {
  onEvent(attempt: Attempt, event: ChatEvent): void;
  onEnd(attempt: Attempt): void;
  onFailed(attempt: Attempt, error: unknown): void;
  /** Settles when the reader of this attempt can take more; `undefined`: it can now. */
  room?(attempt: Attempt): Promise<void> | undefined;
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
  /** Text or a part of a tool call has been read. */
  holdsContent = false;
  /** A tool call has started and is not complete. */
  inToolCall = false;
  /** `finish` has been read: the answer is complete, whatever happens to its stream. */
  complete = false;
  /** When the last part of the answer was read, ms. */
  activeMs: number | undefined;
  /** Cuts the text as the voice does. */
  readonly #cutter = new ClauseCutter();
  /**
   * The held events can be passed on: the voice would speak the first clause now, a tool call is complete, or the answer
   * is. Until then nothing can have been heard.
   */
  readyToRelease = false;
  #events: AttemptEvents | undefined;

  constructor(options: {
    index: number;
    model: { provider: string; model: string };
    chat: ChatStream;
    startedMs: number;
    reason: RouteAttempt['reason'];
    exploring?: boolean;
    duplicate: boolean;
  }) {
    this.duplicate = options.duplicate;
    this.exploring = options.exploring ?? false;
    this.index = options.index;
    this.chat = options.chat;
    this.startedMs = options.startedMs;
    const { reason, startedMs } = options;
    const { provider, model } = options.model;
    this.record = { provider, model, reason, outcome: 'cancelled', startedMs };
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
        const room = this.#events.room?.(this);
        if (room) await room;
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

  /** Notes what an event says about the progress of the answer. */
  note(event: ChatEvent, nowMs: number): void {
    if (event.type === 'frame') {
      for (const inner of event.events) this.note(inner, nowMs);
      return;
    }
    if (event.type !== 'usage') this.activeMs = nowMs;
    if (event.type === 'finish') this.complete = true;
    if (event.type === 'toolCallDelta') this.inToolCall = true;
    if (event.type === 'toolCall') this.inToolCall = false;
  }

  /** Keeps an event until it is released. */
  hold(event: ChatEvent): void {
    if (event.type === 'frame') for (const inner of event.events) this.#examine(inner);
    else this.#examine(event);
    if (event.type !== 'toolCallDelta') this.held.push(event);
  }

  #examine(event: ChatEvent): void {
    if (isContent(event)) this.holdsContent = true;
    if (event.type === 'toolCall' || event.type === 'finish') this.readyToRelease = true;
    if (event.type === 'text' && !this.readyToRelease)
      this.readyToRelease = this.#cutter.push(event.text).some((clause) => toSpeech(clause.text) !== '');
  }

  /** Returns the held events and clears them. */
  takeHeld(): ChatEvent[] {
    const held = this.held;
    this.held = [];
    return held;
  }

  /** Ends the attempt because of an error. */
  fail(error: unknown, nowMs: number): void {
    this.error = error;
    this.record.outcome = 'failed';
    this.record.error = String((error as { code?: unknown } | null)?.code ?? 'internal');
    this.end('failed', nowMs);
  }

  /** Ends the attempt; `stopped` cancels the request. */
  end(state: 'failed' | 'empty' | 'stopped', nowMs: number): void {
    this.state = state;
    this.endedMs = nowMs;
    if (state === 'stopped') this.chat.cancel();
  }
}
