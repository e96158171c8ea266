/** How long to wait after the last sound, by how sure it is that the turn is over. */
export interface EndpointingOptions {
  /** End-of-turn probability from which nothing more is waited for, 0 to 1; default 0.6. */
  sure: number;
  /** Wait below that, from the caller's last sound, ms; default 300, LiveKit's own. */
  likelyMs: number;
}

/**
 * Where the floor is (LiveKit 1.9.0's local VAD, 32 ms frames): the end-of-turn model is asked at 224 ms of silence,
 * the VAD calls speech ended at 256 ms, and a commit needs both, and the final transcript. So "no wait" means 256 ms
 * after the last sound the VAD heard, against LiveKit's 300.
 *
 * What it risks: a pause of 256 to 300 ms inside a sentence that the model is sure is its end. Longer pauses are cut by
 * LiveKit's defaults too, shorter ones by neither, and a probability under the model's own threshold waits `maxDelay`
 * as ever. 0.6 is a choice, not a measurement: compare false cut-offs on the same calls before lowering it, or
 * `likelyMs`.
 */
export const DEFAULT_ENDPOINTING: EndpointingOptions = { sure: 0.6, likelyMs: 300 };

/** Silence that has passed when the end-of-turn model is asked, ms: LiveKit's 200, on 32 ms frames. */
export const ASKED_AT_MS = 224;

/** How long to hold an end-of-turn answer back, since it was asked for, ms. */
export function holdMs(probability: number, options: EndpointingOptions): number {
  return probability >= options.sure ? 0 : Math.max(0, options.likelyMs - ASKED_AT_MS);
}
