/**
 * How long after the VAD's end of a short sound its words are waited for, ms. With the VAD's own 250 ms of silence that is more than
 * an interim transcript takes.
 */
export const WORDS_WAIT_MS = 150;

/** Times of the `bargeIn` lever. */
export interface BargeInTimes {
  /** How long after the VAD's end of a short sound the agent goes on, ms; `undefined`: as long as the session's options say. */
  resumeAfterMs: number | undefined;
}
