import type { HeardWord } from '../hear/recognizer.js';

/** What an emulated STT engine reports. Times are ms of audio since the stream's first sample. */
export interface SttUpdate {
  /**
   * `speech-started`: the caller speaks. `interim`: the words so far. `eager-end`: the turn has probably ended. `resumed`:
   * it had not. `final`: the words of the segment or turn.
   */
  kind: 'speech-started' | 'interim' | 'eager-end' | 'resumed' | 'final';
  words: readonly HeardWord[];
  /** 0 to 1. */
  confidence: number;
  /** Where the segment or turn begins, ms. */
  fromMs: number;
  /** For a final: the end of its last word; otherwise how far the audio has been heard, ms. */
  toMs: number;
  /** For a final transcript: whether the caller was silent when it was reported. */
  endsSpeech: boolean;
}
