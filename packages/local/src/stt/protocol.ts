/** Messages between the agent's process and the Moonshine process (`serialization: 'advanced'`). */

/** Sample rate of Moonshine's input, Hz. */
export const STT_RATE_HZ = 16_000;

/** Where the speech of a clip begins and ends, as a VAD noticed it, samples from the start of the clip. */
export interface SpeechSpan {
  from: number;
  to: number;
}

/** Message to the Moonshine process. */
export type ToEngine =
  | {
      type: 'decode';
      id: number;
      samples: Int16Array;
      draft: readonly number[];
      /** The clip was decoded and yielded no words: decode it in other ways. */
      again?: SpeechSpan;
    }
  | { type: 'cancel'; id: number };

/** Message from the Moonshine process. */
export type FromEngine =
  | { type: 'ready' }
  /** A model file is missing or damaged; a restart does not help. */
  | { type: 'unusable'; message: string }
  | ({ type: 'decoded'; id: number } & Decoded)
  | { type: 'failed'; id: number; reason: string };

/** Result of one decode. */
export interface Decoded {
  text: string;
  /** Draft for the next decode of the same, longer audio. */
  tokens: number[];
  /** Confidence in the last words, 0 to 1; 0 if there are none. */
  endConfidence: number;
  /** Duration of the decode, ms. */
  decodeMs: number;
  /** Whether it was stopped for a more urgent decode. `text` must then not be used. */
  cancelled: boolean;
}
