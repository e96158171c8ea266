import type { Clock } from '@firstword/turn';
import { bytesOf, durationMs } from '../../speech/audio/pcm.js';
import type { Timers } from '../../speech/timers.js';
import type { Fields } from '../../wire/fields.js';
import { OUTPUT_RATE_HZ, wordsHeard } from '../core/plan.js';

/** Duration of a piece of output audio, ms. An assumption. */
const FRAME_MS = 40;
const FRAME_SAMPLES = (OUTPUT_RATE_HZ * FRAME_MS) / 1000;

/** What the model says. */
export interface LiveSpeech {
  text: string;
  /** At `OUTPUT_RATE_HZ`. */
  audio: Int16Array;
  /** The words come without sound. */
  isMute: boolean;
  /** The output stops after so much audio, and nothing more is sent until the model speaks again, ms. */
  stopsAfterMs: number | undefined;
  /** Its first piece has been sent. */
  onBegun(): void;
  /** It has been said to the end. */
  onDone(): void;
}

/** What a `LiveVoice` needs. */
export interface LiveVoiceOptions {
  clock: Clock;
  timers: Timers;
  send(event: Fields & { type: string }): void;
}

/** The output of a GPT-Live session: audio without end, at the pace at which it is played, silence included. */
export class LiveVoice {
  readonly #options: LiveVoiceOptions;
  #startMs = 0;
  #frames = 0;
  #speech: LiveSpeech | undefined;
  #position = 0;
  #words = 0;
  #isStopped = false;

  constructor(options: LiveVoiceOptions) {
    this.#options = options;
  }

  /** Position on the model's timeline, ms. */
  get positionMs(): number {
    return this.#frames * FRAME_MS;
  }

  get isSpeaking(): boolean {
    return this.#speech !== undefined;
  }

  /** Begins the output. */
  start(): void {
    this.#startMs = this.#options.clock.nowMs();
    this.#tick();
  }

  /** Says this from the next piece on. What was being said is left. */
  say(speech: LiveSpeech): void {
    this.#speech = speech;
    this.#position = 0;
    this.#words = 0;
    this.#isStopped = false;
  }

  /**
   * Stops speaking: silence follows.
   * @returns the words that have been said; `undefined` if nothing was being said
   */
  stop(): string | undefined {
    const speech = this.#speech;
    this.#speech = undefined;
    this.#isStopped = false;
    if (!speech) return undefined;
    const audioMs = durationMs(speech.audio, OUTPUT_RATE_HZ);
    return wordsHeard(speech.text, (this.#position * 1000) / OUTPUT_RATE_HZ, audioMs);
  }

  #tick(): void {
    const { clock, timers } = this.#options;
    while (this.#startMs + this.#frames * FRAME_MS <= clock.nowMs()) this.#sendFrame();
    timers.at(this.#startMs + this.#frames * FRAME_MS, () => this.#tick());
  }

  #sendFrame(): void {
    const speech = this.#speech;
    const frame = new Int16Array(FRAME_SAMPLES);
    if (speech && !speech.isMute)
      frame.set(speech.audio.subarray(this.#position, this.#position + FRAME_SAMPLES));
    if (!this.#isStopped) {
      const delta = bytesOf(frame).toString('base64');
      this.#options.send({ type: 'session.output_audio.delta', delta });
    }
    this.#frames += 1;
    if (speech) this.#advance(speech);
  }

  #advance(speech: LiveSpeech): void {
    if (this.#isStopped) return;
    if (this.#position === 0) speech.onBegun();
    this.#position += FRAME_SAMPLES;
    this.#sendWords(speech);
    if (
      speech.stopsAfterMs !== undefined &&
      (this.#position * 1000) / OUTPUT_RATE_HZ >= speech.stopsAfterMs
    ) {
      this.#isStopped = true;
      return;
    }
    if (this.#position < speech.audio.length) return;
    this.#speech = undefined;
    speech.onDone();
  }

  #sendWords({ text, audio }: LiveSpeech): void {
    const words = text.split(/(?<=\s)/);
    const until = Math.min(
      words.length,
      Math.ceil((words.length * this.#position) / Math.max(1, audio.length)),
    );
    const delta = words.slice(this.#words, until).join('');
    this.#words = until;
    if (delta === '') return;
    const endMs = this.positionMs;
    this.#options.send({
      type: 'session.output_transcript.delta',
      delta,
      start_ms: endMs - FRAME_MS,
      end_ms: endMs,
    });
  }
}
