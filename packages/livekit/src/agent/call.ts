import { type Clock, systemClock } from '@firstword/turn';
import { initializeLogger } from '@livekit/agents';
import { loadLocalModels } from '../session/end-of-turn.js';
import { DEFAULT_LEVERS, NO_LEVERS } from '../session/low-latency.js';
import { PushAudioInput } from '../transport/audio-input.js';
import { PacedAudioOutput } from '../transport/audio-output.js';
import type { CallLevers, StartCallOptions } from './call-options.js';
import { CallSession } from './call-session.js';
import { PreRoll } from './pre-roll.js';

/** A call in progress, without a room: audio is pushed in, and paced out to the sink. */
export interface AgentCall {
  readonly callId: string;
  /** Caller audio: mono 16 kHz, and when its first sample was spoken (session clock, ms). */
  push(samples: Int16Array, capturedAtMs: number): void;
  /** Where the caller is, the first audible sample of an answer was played at this moment (session clock, ms). */
  callerHeard(answer: number, atMs: number): void;
  /**
   * Switches Firstword's levers: at once where nobody speaks and nothing is in hand, else when the turn in hand has
   * been answered. `onLevers` tells when. The conversation goes on, and no audio is lost. Of several, the newest counts.
   */
  setLevers(levers: CallLevers): void;
  /** Ends the call: records what is in hand and stops everything it started, but not the parts it was given. */
  close(): Promise<void>;
}

let prepared = false;

/** Loads LiveKit's local models and quiets its logger; the first call does it if nobody has. */
export function prewarmCalls(): void {
  if (prepared) return;
  prepared = true;
  initializeLogger({ pretty: false, level: process.env.FIRSTWORD_LOG_LEVEL ?? 'silent' });
  loadLocalModels();
}

/** How often a call that is to change its levers looks whether it may, ms. */
const IDLE_CHECK_MS = 50;

class SwitchableCall implements AgentCall {
  readonly callId: string;
  readonly #options: StartCallOptions;
  readonly #clock: Clock;
  readonly #startedMs: number;
  readonly #output: PacedAudioOutput;
  readonly #preRoll = new PreRoll();
  #input = new PushAudioInput();
  #session: CallSession;
  #requestedLevers: CallLevers | undefined;
  #cancelIdleCheck: (() => void) | undefined;
  #replacing: Promise<void> = Promise.resolve();
  /** Sessions that have handed over, and close. */
  #closingSessions: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | undefined;

  constructor(options: StartCallOptions) {
    this.callId = options.callId;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#startedMs = options.startedMs ?? this.#clock.nowMs();
    this.#output = new PacedAudioOutput({ sink: options.sink, clock: this.#clock });
    const { levers } = options;
    this.#session = this.#newSession(levers ? { ...DEFAULT_LEVERS, ...levers } : NO_LEVERS);
  }

  async start(): Promise<void> {
    const { greeting } = this.#options;
    await this.#session.start();
    if (greeting) this.#session.say(greeting);
  }

  push(samples: Int16Array, capturedAtMs: number): void {
    this.#preRoll.push(samples, capturedAtMs);
    this.#input.push(samples, capturedAtMs);
  }

  callerHeard(answer: number, atMs: number): void {
    this.#session.callerHeard(answer, atMs);
  }

  setLevers(levers: CallLevers): void {
    this.#requestedLevers = { ...levers };
    if (!this.#cancelIdleCheck && !this.#closing) this.#checkIdle();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #newSession(levers: CallLevers, state?: CallSession['handoverState']): CallSession {
    return new CallSession({
      call: this.#options,
      levers,
      clock: this.#clock,
      startedMs: this.#startedMs,
      input: this.#input,
      output: this.#output,
      ...state,
    });
  }

  #checkIdle(): void {
    this.#cancelIdleCheck = undefined;
    if (this.#closing || !this.#requestedLevers) return;
    if (this.#session.isIdle) this.#replacing = this.#replace(this.#requestedLevers);
    else this.#cancelIdleCheck = this.#clock.schedule(IDLE_CHECK_MS, () => this.#checkIdle());
  }

  /**
   * LiveKit fixes most of what a lever turns when a session is made, so another session takes over, with the
   * conversation so far and what was learned in it. The caller's audio waits for it, and it hears the last half second
   * once more, in which a word may have begun.
   */
  async #replace(levers: CallLevers): Promise<void> {
    this.#requestedLevers = undefined;
    // Until this is done nobody else begins it.
    this.#cancelIdleCheck = () => {};
    const { events } = this.#options;
    try {
      const before = this.#session;
      this.#input = new PushAudioInput();
      for (const { samples, capturedAtMs } of this.#preRoll.frames) this.#input.push(samples, capturedAtMs);
      this.#closingSessions = Promise.all([this.#closingSessions, before.handOver()]);
      this.#session = this.#newSession(levers, before.handoverState);
      await this.#session.start();
      events.onLeversChanged?.(levers);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      events.onEnded?.(`The session with other levers could not be started: ${why}`);
    }
    this.#checkIdle();
  }

  async #close(): Promise<void> {
    this.#cancelIdleCheck?.();
    await this.#replacing;
    await Promise.all([this.#session.close(), this.#closingSessions]);
    this.#output.close();
  }
}

/** Starts a real LiveKit `AgentSession` on the given parts, observed, and greets the caller. */
export async function startCall(options: StartCallOptions): Promise<AgentCall> {
  prewarmCalls();
  const call = new SwitchableCall(options);
  await call.start();
  return call;
}
