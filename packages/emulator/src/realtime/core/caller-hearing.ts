import { HEARING_RATE_HZ, joined, resampleLinear } from '../../speech/audio/pcm.js';
import type { HeardWord, Recognizer, RecognizerStream } from '../../speech/hear/recognizer.js';
import type { RealtimeResponseTruth } from './truth.js';
import { RealtimeTurnDetection, type TurnDetectionSetting } from './turn-detection.js';

/** Where a `CallerHearing` reports. */
export interface CallerHandlers {
  /** The caller has begun to speak, at this position in the connection's audio, ms. */
  onSpeechStarted(audioStartMs: number): void;
  /** The turn detection has ended the caller's turn. The positions in `truth` are those of the connection's audio. */
  onTurnEnded(truth: Pick<RealtimeResponseTruth, 'speechEndAudioMs'> & { turnEndAudioMs: number }): void;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** The audio of one caller: turn detection and words. */
export class CallerHearing {
  readonly #rateHz: number;
  /** So many samples are a whole number of samples at the recognizer's rate: none is lost. */
  readonly #group: number;
  readonly #turns: RealtimeTurnDetection;
  readonly #words: RecognizerStream;
  #rest = new Int16Array(0);
  #speechEndAudioMs: number | undefined;
  /** Audio since the last turn of the caller, ms. */
  bufferedMs = 0;

  constructor(options: { recognizer: Recognizer; rateHz: number; handlers: CallerHandlers }) {
    const { recognizer, rateHz, handlers } = options;
    this.#rateHz = rateHz;
    this.#group = rateHz / greatestCommonDivisor(rateHz, HEARING_RATE_HZ);
    this.#words = recognizer.openStream();
    this.#turns = new RealtimeTurnDetection({
      onSpeechStarted: (audioStartMs) => handlers.onSpeechStarted(audioStartMs),
      onSpeechPaused: (atMs) => {
        this.#speechEndAudioMs = atMs;
        this.#words.speechPaused(atMs);
      },
      onSpeechResumed: (atMs) => this.#words.speechStarted(atMs),
      onTurnEnded: (turnEndAudioMs) => {
        const speechEndAudioMs = this.#speechEndAudioMs;
        handlers.onTurnEnded({
          turnEndAudioMs,
          ...(speechEndAudioMs === undefined ? {} : { speechEndAudioMs }),
        });
      },
      heard: () => this.heard(),
    });
  }

  /** The turn detection in use; `null` if the client ends turns itself. */
  set turnDetection(setting: TurnDetectionSetting | null) {
    this.#turns.setting = setting;
  }

  /** Audio examined since the connection's first sample, ms. */
  get positionMs(): number {
    return this.#turns.positionMs;
  }

  /** @param samples mono at the rate of the wire */
  push(samples: Int16Array): void {
    const heard = joined([this.#rest, samples]);
    const whole = heard.length - (heard.length % this.#group);
    this.#rest = heard.slice(whole);
    this.bufferedMs += (whole * 1000) / this.#rateHz;
    const audio = resampleLinear(heard.subarray(0, whole), { fromHz: this.#rateHz, toHz: HEARING_RATE_HZ });
    this.#words.push(audio);
    this.#turns.push(audio);
  }

  /** The words of the turn so far. */
  heard(): string {
    return textOfWords(this.words());
  }

  /** The words of the turn so far, with their positions in the connection's audio. */
  words(): readonly HeardWord[] {
    return this.#words.heard();
  }

  /** Ends the caller's turn: resolves to its words, and the buffer is empty. */
  takeWords(): Promise<readonly HeardWord[]> {
    this.bufferedMs = 0;
    return this.#words.endSegment();
  }

  /** Forgets the turn under way: the client has ended it, or cleared the audio. */
  resetTurn(): void {
    this.#turns.reset();
  }

  close(): void {
    this.#words.close();
  }
}

/** The words as text. */
export function textOfWords(words: readonly HeardWord[]): string {
  return words.map(({ text }) => text).join(' ');
}
