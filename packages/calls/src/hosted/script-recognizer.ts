import type { HeardWord, Recognizer, RecognizerStream } from '@firstword/emulator/speech';
import type { Clock } from '@firstword/turn';
import { CALLER_RATE_HZ } from '../caller/clips.js';
import type { ScriptWord } from '../caller/word-times.js';

/** The caller's audio reaches an emulated service about this late: LiveKit's plugins send it in pieces of 50 to 100 ms. */
const ON_THE_WAY_MS = 75;

/**
 * What an emulated STT hears of a scripted caller: the words of the script, each as soon as the caller has said it. The
 * emulated engine decides when it reports them. The script is followed by the clock, so noise that the engine takes for
 * speech has no words, and no line is confused with another one.
 */
export class ScriptRecognizer implements Recognizer {
  readonly #clock: Clock;
  /** The words said so far in this call, and those of the line in hand. Times are the clock's. */
  #words: ScriptWord[] = [];
  /** Number of words that a segment has had. A client that reconnects goes on after them. */
  #taken = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A call begins. */
  beginCall(): void {
    this.#words = [];
    this.#taken = 0;
  }

  /** The caller begins a line at this moment of the clock; the times of its words count from there. */
  beginLine(words: readonly ScriptWord[], startMs: number): void {
    for (const word of words)
      this.#words.push({ ...word, startMs: startMs + word.startMs, endMs: startMs + word.endMs });
  }

  openStream(): RecognizerStream {
    return new ScriptStream(this, this.#clock);
  }

  /** The words said until then that no segment has had, with the clock's times. @internal */
  saidUntil(atMs: number): ScriptWord[] {
    return this.#words.slice(this.#taken).filter(({ startMs, endMs }) => (startMs + endMs) / 2 <= atMs);
  }

  /** Marks the next `words` words as used by a segment. @internal */
  take(words: number): void {
    this.#taken += words;
  }
}

class ScriptStream implements RecognizerStream {
  readonly #script: ScriptRecognizer;
  readonly #clock: Clock;
  #positionMs = 0;
  /** When the pause in hand began, by the clock. */
  #pausedAtMs: number | undefined;

  constructor(script: ScriptRecognizer, clock: Clock) {
    this.#script = script;
    this.#clock = clock;
  }

  push(samples: Int16Array): void {
    this.#positionMs += (samples.length * 1000) / CALLER_RATE_HZ;
  }

  speechStarted(): void {
    this.#pausedAtMs = undefined;
  }

  speechPaused(atMs: number): void {
    this.#pausedAtMs = this.#clock.nowMs() - (this.#positionMs - atMs);
  }

  heard(): readonly HeardWord[] {
    const nowMs = this.#clock.nowMs();
    const offsetMs = this.#positionMs - (nowMs - ON_THE_WAY_MS);
    return this.#script.saidUntil(this.#pausedAtMs ?? nowMs).map(({ text, startMs, endMs }) => ({
      text,
      startMs: startMs + offsetMs,
      endMs: endMs + offsetMs,
    }));
  }

  endSegment(): Promise<readonly HeardWord[]> {
    const words = this.heard();
    this.#script.take(words.length);
    return Promise.resolve(words);
  }

  close(): void {}
}
