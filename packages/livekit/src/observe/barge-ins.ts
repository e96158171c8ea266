import { type Clock, wallToMonotonicMs } from '@firstword/turn';
import { voice } from '@livekit/agents';
import { hasSpeechEdges, tracedOutput } from '../transport/traced.js';
import type { HeardSpeech } from './heard-speech.js';
import { listenTo } from './listen-to.js';
import type { InterruptionFacts } from './observed-turn.js';

const { AgentSessionEventTypes: Event } = voice;

/** How far before its report the caller's first sample is looked for, ms: VADs report speech after two or three windows. */
const LOOK_BACK_MS = 500;
/** How long LiveKit's VAD has heard speech when it reports it, ms; counted where the input does not measure the sound itself. */
const VAD_LAG_MS = 64;
/** A caller who begins this shortly before the end of an answer takes their turn, ms: there was nothing left to stop. */
const END_OF_ANSWER_MS = 500;

/**
 * Follows how the caller interrupts: from their first sample while the agent could be heard to the agent's last audible one, and
 * on to where a false stop goes on.
 */
export class BargeIns {
  readonly #session: voice.AgentSession;
  readonly #clock: Clock;
  readonly #heard: HeardSpeech;
  readonly #onBargeIn: () => void;
  readonly #stops: (() => void)[] = [];
  #done: InterruptionFacts[] = [];
  #current: InterruptionFacts | undefined;
  /** When the answer that is paused now was paused. */
  #pausedMs: number | undefined;

  /** @param options.onBargeIn the caller has begun to speak while the agent does */
  constructor(options: {
    session: voice.AgentSession;
    clock: Clock;
    heard: HeardSpeech;
    onBargeIn: () => void;
  }) {
    const { session, clock } = options;
    this.#session = session;
    this.#clock = clock;
    this.#heard = options.heard;
    this.#onBargeIn = options.onBargeIn;
    const on = listenTo(session, this.#stops);
    on(Event.UserStateChanged, ({ newState, createdAt }) => {
      if (newState === 'speaking') this.#onCaller(wallToMonotonicMs(clock, createdAt));
    });
    on(Event.AgentFalseInterruption, () => this.#onFalseStop());
    on(Event.AgentStateChanged, ({ oldState, newState }) => {
      // Outputs that are not Firstword's report no samples.
      if (tracedOutput(session.output.audio)) return;
      if (oldState === 'speaking') this.paused(clock.nowMs());
      else if (newState === 'speaking') this.#goesOn(clock.nowMs());
    });
  }

  close(): void {
    for (const stop of this.#stops.splice(0)) stop();
  }

  /** A piece of the agent's sound. */
  sound(answer: number, fromMs: number, toMs: number): void {
    this.#heard.sound(answer, fromMs, toMs);
    this.#goesOn(fromMs);
  }

  /** The answer was paused: nothing of it is heard after `atMs`. */
  paused(atMs: number): void {
    this.#heard.cut(atMs);
    this.#pausedMs = atMs;
    this.#stopped(atMs);
  }

  /** An answer has ended. @param interrupted it was cut, and does not go on */
  ended(atMs: number, interrupted: boolean): void {
    this.#pausedMs = undefined;
    const current = this.#current;
    if (!current) return;
    if (interrupted) {
      this.#stopped(atMs);
      current.isFalse = false;
    } else if (current.stoppedMs === undefined && atMs - current.callerFromMs < END_OF_ANSWER_MS) {
      this.#current = undefined;
    }
    this.#keep();
  }

  /** The interruptions since the last call; those that are not over yet are in the next one. */
  take(): InterruptionFacts[] {
    const done = this.#done;
    this.#done = [];
    return done;
  }

  #onCaller(reportedMs: number): void {
    const input = this.#session.input.audio;
    const nowMs = this.#clock.nowMs();
    const fromMs =
      (hasSpeechEdges(input) ? input.edges.firstSpeech(nowMs - LOOK_BACK_MS, nowMs) : undefined) ??
      reportedMs - VAD_LAG_MS;
    const isTraced = tracedOutput(this.#session.output.audio) !== undefined;
    const isSpeaking = this.#session.agentState === 'speaking';
    const wasJustPaused = this.#pausedMs !== undefined && this.#pausedMs >= fromMs;
    if (isSpeaking || wasJustPaused) this.#onBargeIn();
    // In a pause of the agent there is nothing to stop. While its answer is paused, it is the same interruption.
    if (isTraced ? !this.#heard.isHeardAt(fromMs) : !isSpeaking && !wasJustPaused) return;
    this.#keep();
    this.#current = { callerFromMs: fromMs };
    // The answer may be paused in the same event, by a listener before this one.
    if (wasJustPaused) this.#stopped(this.#pausedMs!);
  }

  #stopped(atMs: number): void {
    const current = this.#current;
    if (!current || (current.stoppedMs !== undefined && current.resumedMs === undefined)) return;
    // The same sound has stopped it again: the first stop was not the end of it.
    delete current.isFalse;
    delete current.resumedMs;
    const isTraced = tracedOutput(this.#session.output.audio) !== undefined;
    const lastMs = isTraced ? this.#heard.lastSoundMs(atMs) : atMs;
    // Where the caller began in a pause between two words, there was nothing left to stop.
    current.stoppedMs = Math.max(current.callerFromMs, lastMs ?? atMs);
  }

  #goesOn(fromMs: number): void {
    this.#pausedMs = undefined;
    const current = this.#current;
    if (current?.stoppedMs === undefined || current.resumedMs !== undefined || fromMs <= current.stoppedMs)
      return;
    current.resumedMs = fromMs;
    current.isFalse = true;
  }

  /** LiveKit has waited in vain for words. The answer resumes, unless it cannot. */
  #onFalseStop(): void {
    if (this.#current?.stoppedMs !== undefined) this.#current.isFalse = true;
  }

  #keep(): void {
    if (this.#current) this.#done.push(this.#current);
    this.#current = undefined;
  }
}
