import type { Clock } from '@firstword/turn';
import type { VADEvent, voice } from '@livekit/agents';
import { isEchoWarmupSet, pauseReply } from '../internals/turn-repair.js';
import type { Resumed } from './answered-turn.js';
import { CallerLevel } from './caller-level.js';

/** How much quieter than the caller's speech a sound may be that stops the agent, dB: an echo that is cancelled is quieter. */
const CALLER_WITHIN_DB = 20;
/** The same while the echo is not cancelled yet. */
const CALLER_WITHIN_DB_IN_WARMUP = 6;
/** How often a sound that is too quiet yet is looked at again, ms: a window of the VAD. */
const LOOK_AGAIN_MS = 32;
/** After this many stops in a row that no words followed, sounds no longer stop the agent at once: the line has an echo. */
const MAX_FALSE_STOPS = 2;
/** LiveKit's default of `interruption.minDuration`, ms. */
const LIVEKIT_MIN_DURATION_MS = 500;

/** Stops the reply at the caller's sound, without waiting for words. It resumes if none follow. */
export class StopOnSound {
  readonly #session: voice.AgentSession;
  readonly #clock: Clock;
  readonly #level = new CallerLevel();
  #falseStops = 0;
  #cancelLook = () => {};

  constructor(session: voice.AgentSession, clock: Clock) {
    this.#session = session;
    this.#clock = clock;
  }

  /** The VAD has judged a window of audio. */
  hear(event: VADEvent): void {
    this.#level.hear(event, this.#session.agentState === 'speaking');
  }

  /** Whether the newest sound is loud enough to be the caller's. A VAD that reports no audio is believed. */
  isCallerHeard(options: { inWarmup: boolean }): boolean {
    const withinDb = options.inWarmup ? CALLER_WITHIN_DB_IN_WARMUP : CALLER_WITHIN_DB;
    return this.#level.isCaller(withinDb) ?? this.#session._aecWarmupRemaining === 0;
  }

  /** Stops the reply, now or as soon as the sound is loud enough to be the caller's. */
  stop(resumed: Resumed): void {
    this.cancel();
    const { interruption } = this.#session.sessionOptions.turnHandling;
    // The user wants sounds to last before they interrupt.
    if ((interruption.minDuration ?? LIVEKIT_MIN_DURATION_MS) !== LIVEKIT_MIN_DURATION_MS) return;
    const isAnswerHeard = this.#session.agentState === 'speaking';
    if (isAnswerHeard && this.#falseStops >= MAX_FALSE_STOPS) return;
    const inWarmup = this.#session._aecWarmupRemaining > 0;
    if (!isAnswerHeard || this.isCallerHeard({ inWarmup })) {
      const inEchoWarmup = inWarmup && !isEchoWarmupSet(this.#session);
      resumed.hasStopped = pauseReply(this.#session, { inEchoWarmup });
    } else this.#cancelLook = this.#clock.schedule(LOOK_AGAIN_MS, () => this.stop(resumed));
  }

  /** Stops the reply that LiveKit makes the current one in this tick. */
  stopNext(resumed: Resumed): void {
    this.#cancelLook = this.#clock.schedule(0, () => this.stop(resumed));
  }

  /** A sound that is too quiet yet no longer stops the reply. */
  cancel(): void {
    this.#cancelLook();
  }

  /** No words have followed, and the reply that a sound had stopped has resumed. */
  onFalseStop(): void {
    this.#falseStops += 1;
  }

  /** Words have followed: the sounds of this line are believed again. */
  onWords(): void {
    this.#falseStops = 0;
  }
}
