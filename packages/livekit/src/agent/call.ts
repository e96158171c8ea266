import { type Clock, systemClock, withDefaults } from '@firstword/turn';
import { initializeLogger } from '@livekit/agents';
import { loadLocalModels } from '../hello/warm-up.js';
import { DEFAULT_LEVERS, NO_LEVERS } from '../session/levers.js';
import { PushAudioInput } from '../transport/audio-input.js';
import { PacedAudioOutput } from '../transport/audio-output.js';
import { Upsampler } from '../transport/upsampler.js';
import type { CallLevers, StartCallOptions } from './call-options.js';
import { CallSession, type OpenCallSession } from './call-session.js';
import { PreRoll } from './pre-roll.js';
import { RealtimeCallSession } from './realtime-call-session.js';

/** A call in progress, without a room: audio is pushed in, and sent to the sink in real time. */
export interface AgentCall {
  readonly callId: string;
  /** Takes caller audio: mono 16 kHz, and when its first sample was spoken (session clock, ms). */
  push(samples: Int16Array, capturedAtMs: number): void;
  /** Reports when the first audible sample of an answer was played at the caller's side (session clock, ms). */
  callerHeard(answer: number, atMs: number): void;
  /**
   * Switches Firstword's levers: at once if the session is idle, else when the current turn has been answered.
   * `onLeversChanged` reports it. The conversation goes on and no audio is lost. Of several calls the newest counts. Without effect with
   * a realtime model.
   */
  setLevers(levers: CallLevers): void;
  /** Ends the call: completes the current record and stops all it started. STT, LLM and TTS stay open. */
  close(): Promise<void>;
}

/** The sample rate of the caller's audio for realtime models, Hz. */
const REALTIME_RATE_HZ = 24_000;

let prepared = false;

/** Loads LiveKit's local models and silences its logger. `startCall` does it if it has not been done. */
export function prewarmCalls(): void {
  if (prepared) return;
  prepared = true;
  initializeLogger({ pretty: false, level: process.env.FIRSTWORD_LOG_LEVEL ?? 'silent' });
  loadLocalModels();
}

/** How often a call with pending levers checks whether the session is idle, ms. */
const IDLE_CHECK_MS = 50;

class SwitchableCall implements AgentCall {
  readonly callId: string;
  readonly #options: StartCallOptions;
  readonly #clock: Clock;
  readonly #startedMs: number;
  readonly #output: PacedAudioOutput;
  readonly #preRoll = new PreRoll();
  readonly #upsampler: Upsampler | undefined;
  #input: PushAudioInput;
  #session: OpenCallSession;
  #requestedLevers: CallLevers | undefined;
  #cancelIdleCheck: (() => void) | undefined;
  #replacing: Promise<void> = Promise.resolve();
  /** Sessions that have handed over and are closing. */
  #closingSessions: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | undefined;

  constructor(options: StartCallOptions) {
    this.callId = options.callId;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#startedMs = options.startedMs ?? this.#clock.nowMs();
    this.#upsampler = options.realtime ? new Upsampler() : undefined;
    this.#input = new PushAudioInput(options.realtime ? { rateHz: REALTIME_RATE_HZ } : {});
    this.#output = new PacedAudioOutput({ sink: options.sink, clock: this.#clock });
    const { levers } = options;
    this.#session = this.#newSession(levers ? withDefaults(DEFAULT_LEVERS, levers) : NO_LEVERS);
  }

  async start(): Promise<void> {
    const { greeting } = this.#options;
    await this.#session.start();
    if (greeting) this.#session.say(greeting);
  }

  push(samples: Int16Array, capturedAtMs: number): void {
    if (this.#upsampler) {
      this.#input.push(this.#upsampler.push(samples), capturedAtMs);
      return;
    }
    this.#preRoll.push(samples, capturedAtMs);
    this.#input.push(samples, capturedAtMs);
  }

  callerHeard(answer: number, atMs: number): void {
    this.#session.callerHeard(answer, atMs);
  }

  setLevers(levers: CallLevers): void {
    if (this.#options.realtime) return;
    this.#requestedLevers = { ...levers };
    if (!this.#cancelIdleCheck && !this.#closing) this.#checkIdle();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #newSession(levers: CallLevers, state?: OpenCallSession['handoverState']): OpenCallSession {
    const Session = this.#options.realtime ? RealtimeCallSession : CallSession;
    return new Session({
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
   * Most settings behind a lever are fixed when a session is created, so a new session takes over, with the history and the
   * learned state. The caller's audio is queued for it, and it gets the last half second again, in which a word may have
   * started.
   */
  async #replace(levers: CallLevers): Promise<void> {
    this.#requestedLevers = undefined;
    // Blocks a second replacement until this one is done.
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

/** Starts a LiveKit `AgentSession` with the given parts and a `SessionObserver`, and says the greeting. */
export async function startCall(options: StartCallOptions): Promise<AgentCall> {
  prewarmCalls();
  const call = new SwitchableCall(options);
  await call.start();
  return call;
}
