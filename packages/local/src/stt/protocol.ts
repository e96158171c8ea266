/** Messages between the agent's process and the Moonshine process (`serialization: 'advanced'`). */

/** The only rate Moonshine hears. */
export const STT_RATE_HZ = 16_000;

export type ToEngine =
  | { type: 'decode'; id: number; samples: Int16Array; draft: readonly number[] }
  | { type: 'cancel'; id: number };

export type FromEngine =
  | { type: 'ready' }
  /** A model file is missing or damaged: trying again is no use. */
  | { type: 'unusable'; message: string }
  | ({ type: 'decoded'; id: number } & Decoded)
  | { type: 'failed'; id: number; reason: string };

/** What one decode gave. */
export interface Decoded {
  text: string;
  /** Draft for the next decode of the same, longer audio. */
  tokens: number[];
  /** How sure the model is of the last words, 0 to 1; 0 where it heard none. */
  endConfidence: number;
  decodeMs: number;
  /** Stopped early to make room for a more urgent decode; `text` is not to be used. */
  cancelled: boolean;
}
