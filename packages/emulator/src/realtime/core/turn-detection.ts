import { utteranceEnding } from '@firstword/turn';
import { SpeechDetector } from '../../speech/hear/speech-detector.js';

/** `turn_detection` of a session, as OpenAI names its fields; `null` if the client ends turns itself. */
export type TurnDetectionSetting =
  | {
      type: 'server_vad';
      prefix_padding_ms?: number;
      silence_duration_ms?: number;
      create_response?: boolean;
      interrupt_response?: boolean;
    }
  | {
      type: 'semantic_vad';
      eagerness?: 'auto' | 'low' | 'medium' | 'high';
      create_response?: boolean;
      interrupt_response?: boolean;
    };

/** OpenAI's defaults, from its API reference, November 2026. */
export const DEFAULT_SILENCE_MS = 500;
const DEFAULT_PADDING_MS = 300;

/**
 * The longest waits of semantic VAD, ms, from OpenAI's guide to voice activity detection, November 2026; `auto` is `medium`. It
 * does not say how long the wait is after a complete sentence: 200 ms is an assumption.
 */
const LONGEST_WAIT_MS = { low: 8000, medium: 4000, auto: 4000, high: 2000 };
const COMPLETE_WAIT_MS = 200;

/** Where a `TurnDetection` reports. Times are ms of audio since the connection's first sample. */
export interface TurnHandlers {
  onSpeechStarted(audioStartMs: number): void;
  onSpeechPaused(atMs: number): void;
  onSpeechResumed(atMs: number): void;
  /** The turn is over. `audioEndMs` includes the silence that was waited for. */
  onTurnEnded(audioEndMs: number): void;
  /** The words heard in this turn, for semantic VAD. */
  heard(): string;
}

/** Decides by a session's setting when the caller's turn begins and ends. Time is counted in the caller's audio. */
export class RealtimeTurnDetection {
  /** `null`: speech is detected, but no turn is ended. */
  setting: TurnDetectionSetting | null = { type: 'server_vad' };
  readonly #detector: SpeechDetector;
  readonly #handlers: TurnHandlers;
  #isTurn = false;

  constructor(handlers: TurnHandlers) {
    this.#handlers = handlers;
    this.#detector = new SpeechDetector({
      onSpeech: (atMs) => this.#onSpeech(atMs),
      onPause: (atMs) => handlers.onSpeechPaused(atMs),
      onSilence: (silenceMs) => this.#onSilence(silenceMs),
    });
  }

  /** Audio examined so far, ms. */
  get positionMs(): number {
    return this.#detector.positionMs;
  }

  /** @param samples mono at 16 kHz */
  push(samples: Int16Array): void {
    this.#detector.push(samples);
  }

  /** Forgets the turn under way: the client has committed or cleared the audio. */
  reset(): void {
    this.#isTurn = false;
  }

  #onSpeech(atMs: number): void {
    if (this.#isTurn) {
      this.#handlers.onSpeechResumed(atMs);
      return;
    }
    this.#isTurn = true;
    const paddingMs =
      this.setting?.type === 'server_vad'
        ? (this.setting.prefix_padding_ms ?? DEFAULT_PADDING_MS)
        : DEFAULT_PADDING_MS;
    this.#handlers.onSpeechStarted(Math.max(0, atMs - paddingMs));
    this.#handlers.onSpeechResumed(atMs);
  }

  #onSilence(silenceMs: number): void {
    if (!this.#isTurn || !this.setting || silenceMs < this.#waitMs()) return;
    this.#isTurn = false;
    this.#handlers.onTurnEnded(this.#detector.positionMs);
  }

  #waitMs(): number {
    const { setting } = this;
    if (setting?.type !== 'semantic_vad') return setting?.silence_duration_ms ?? DEFAULT_SILENCE_MS;
    const isIncomplete = utteranceEnding(this.#handlers.heard()) === 'incomplete';
    return isIncomplete ? LONGEST_WAIT_MS[setting.eagerness ?? 'auto'] : COMPLETE_WAIT_MS;
  }
}
