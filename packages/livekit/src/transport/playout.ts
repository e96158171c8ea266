import type { Clock } from '@firstword/turn';
import { isolated } from '../observe/user-callback.js';
import { audibleSpan } from './speech-edges.js';

/** Receives paced audio: a WebSocket, a tape, a loudspeaker. */
export interface PlayoutSink {
  /** One chunk of at most 20 ms, to be played at `playAtMs` on the session's clock. */
  play(samples: Int16Array, playAtMs: number, answer: number): void;
  /** Audio that has not been played yet must be dropped. */
  clear(): void;
}

/** Events of an audio output. Times on the session's clock, ms; answers are numbered from 1. */
export interface PlayoutEvents {
  /** The first chunk of an answer was given to the sink. */
  onPublished(answer: number, atMs: number): void;
  /** The first audible sample of an answer is sent at `atMs`. */
  onAudible(answer: number, atMs: number): void;
  /** Sound of an answer is sent from `fromMs` to `toMs`: a piece of at most 20 ms. */
  onSound?(answer: number, fromMs: number, toMs: number): void;
  /** An answer was paused. What was announced for later than `atMs` is not heard; if the answer resumes, it is announced again. */
  onPaused?(answer: number, atMs: number): void;
  /** An answer ended: played to its end, or interrupted. */
  onFinished(answer: number, playedMs: number, interrupted: boolean): void;
}

/** A listener whose errors do not reach the output: they would stop the answer. */
export function isolatedEvents(listener: Partial<PlayoutEvents>): PlayoutEvents {
  const name = 'a watcher of the audio output';
  return {
    onPublished: isolated(name, (...args) => listener.onPublished?.(...args)),
    onAudible: isolated(name, (...args) => listener.onAudible?.(...args)),
    onSound: isolated(name, (...args) => listener.onSound?.(...args)),
    onPaused: isolated(name, (...args) => listener.onPaused?.(...args)),
    onFinished: isolated(name, (...args) => listener.onFinished?.(...args)),
  };
}

const CHUNK_MS = 20;
/**
 * LiveKit 1.9.0 also resumes a paused answer that it has discarded, and clears it a few milliseconds later. Without this delay,
 * ms, audio of the discarded answer would be sent in between and marked as the turn's first audio.
 */
export const RESUME_AFTER_MS = 20;
/** Chunks are sent this much early, ms, so that a late timer causes no audible gap. */
const LEAD_MS = 40;

/**
 * Sends answers in real time. Frames arrive as fast as the TTS makes them and are sent one by one, so that a barge-in stops
 * the agent at once and the played duration is known exactly.
 */
export class Playout {
  readonly #clock: Clock;
  readonly #sink: PlayoutSink;
  readonly #events: PlayoutEvents;
  readonly #rateHz: number;
  #answer = 0;
  #open = false;
  #ended = false;
  #paused = false;
  #queue: Int16Array[] = [];
  /** Chunks that the sink has, and has not played to their end. */
  #given: { samples: Int16Array; playAtMs: number }[] = [];
  #rest = new Int16Array(0);
  #nextPlayAtMs = 0;
  #heldUntilMs = 0;
  #playedMs = 0;
  #published = false;
  #audible = false;
  #cancelTimer: (() => void) | undefined;

  constructor(options: { clock: Clock; sink: PlayoutSink; events: PlayoutEvents; rateHz: number }) {
    this.#clock = options.clock;
    this.#sink = options.sink;
    this.#events = options.events;
    this.#rateHz = options.rateHz;
  }

  /** Number of the answer being played, from 1; 0 before the first. */
  get answer(): number {
    return this.#answer;
  }

  push(samples: Int16Array): void {
    if (!this.#open) this.#begin();
    const chunkSamples = (this.#rateHz * CHUNK_MS) / 1000;
    let pending = samples;
    if (this.#rest.length > 0) {
      pending = new Int16Array(this.#rest.length + samples.length);
      pending.set(this.#rest);
      pending.set(samples, this.#rest.length);
    }
    let at = 0;
    for (; at + chunkSamples <= pending.length; at += chunkSamples) {
      this.#queue.push(pending.slice(at, at + chunkSamples));
    }
    this.#rest = pending.slice(at);
    this.#pump();
  }

  /** The answer is complete: `onFinished` follows when it has been played. */
  end(): void {
    if (!this.#open || this.#ended) return;
    this.#ended = true;
    if (this.#rest.length > 0) this.#queue.push(this.#rest);
    this.#rest = new Int16Array(0);
    this.#pump();
  }

  /** Stops at once and drops the rest. */
  clear(): void {
    if (!this.#open) return;
    this.#sink.clear();
    const unplayedMs = Math.max(0, this.#nextPlayAtMs - this.#clock.nowMs());
    this.#finish(Math.max(0, this.#playedMs - unplayedMs), true);
  }

  /** Stops at once. What was not played yet follows at the resume. */
  pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#stopTimer();
    if (this.#open) this.#recall();
  }

  /** Resumes after `RESUME_AFTER_MS`. */
  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#heldUntilMs = this.#clock.nowMs() + RESUME_AFTER_MS;
    if (this.#open) this.#pump();
  }

  /** Stops without reporting anything more. */
  close(): void {
    this.#stopTimer();
    this.#open = false;
    this.#queue = [];
    this.#given = [];
  }

  #begin(): void {
    this.#answer++;
    this.#open = true;
    this.#ended = false;
    this.#published = false;
    this.#audible = false;
    this.#given = [];
    this.#playedMs = 0;
    this.#nextPlayAtMs = 0;
    this.#heldUntilMs = 0;
    this.#rest = new Int16Array(0);
    this.#queue = [];
  }

  #pump(): void {
    if (this.#paused) return;
    this.#stopTimer();
    if (this.#clock.nowMs() < this.#heldUntilMs) {
      this.#wakeAt(this.#heldUntilMs);
      return;
    }
    while (this.#queue.length > 0 && this.#nextPlayAtMs - LEAD_MS <= this.#clock.nowMs()) {
      this.#playOne(this.#queue.shift()!);
      if (!this.#open) return;
    }
    if (this.#queue.length > 0) this.#wakeAt(this.#nextPlayAtMs - LEAD_MS);
    else if (this.#ended) this.#wakeAt(this.#nextPlayAtMs);
  }

  /** Takes back what the sink has not played. */
  #recall(): void {
    const nowMs = this.#clock.nowMs();
    const unplayed = this.#given.flatMap(({ samples, playAtMs }) => {
      const played = Math.max(0, Math.round(((nowMs - playAtMs) * this.#rateHz) / 1000));
      return played < samples.length ? [samples.subarray(played)] : [];
    });
    this.#given = [];
    if (unplayed.length > 0) {
      this.#sink.clear();
      this.#queue.unshift(...unplayed);
      for (const { length } of unplayed) this.#playedMs -= (length / this.#rateHz) * 1000;
      this.#nextPlayAtMs = nowMs;
    }
    this.#events.onPaused?.(this.#answer, nowMs);
  }

  #playOne(chunk: Int16Array): void {
    const nowMs = this.#clock.nowMs();
    const playAtMs = Math.max(this.#nextPlayAtMs, nowMs);
    const answer = this.#answer;
    const first = !this.#published;
    this.#published = true;
    const durationMs = (chunk.length / this.#rateHz) * 1000;
    while (this.#given[0] && this.#given[0].playAtMs + LEAD_MS < nowMs) this.#given.shift();
    this.#given.push({ samples: chunk, playAtMs });
    this.#nextPlayAtMs = playAtMs + durationMs;
    this.#playedMs += durationMs;
    this.#sink.play(chunk, playAtMs, answer);
    if (first) this.#events.onPublished(answer, playAtMs);
    const sound = audibleSpan(chunk, this.#rateHz);
    if (!sound) return;
    if (!this.#audible) this.#events.onAudible(answer, playAtMs + sound.fromMs);
    this.#audible = true;
    this.#events.onSound?.(answer, playAtMs + sound.fromMs, playAtMs + sound.toMs);
  }

  #wakeAt(atMs: number): void {
    this.#cancelTimer = this.#clock.schedule(Math.max(0, atMs - this.#clock.nowMs()), () => {
      this.#cancelTimer = undefined;
      const playedOut = this.#ended && this.#queue.length === 0;
      if (playedOut && this.#clock.nowMs() >= this.#nextPlayAtMs - 1) this.#finish(this.#playedMs, false);
      else this.#pump();
    });
  }

  #finish(playedMs: number, interrupted: boolean): void {
    this.#stopTimer();
    this.#open = false;
    this.#queue = [];
    this.#given = [];
    this.#events.onFinished(this.#answer, playedMs, interrupted);
  }

  #stopTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }
}
