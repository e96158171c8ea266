/** What a detector is asked at a pause. */
export interface EndOfTurnQuestion {
  /**
   * The caller's audio up to now, the silence included: mono 16-bit PCM, from about a second before the turn's first sound, at
   * most `windowMs` of it.
   */
  audio: Int16Array;
  /** Sample rate of `audio`: 16,000 Hz. */
  sampleRateHz: number;
  /** Language of the caller's words, such as `en`; absent while the STT has reported none. */
  language?: string | undefined;
  /** Aborted as soon as the answer is not needed any more: the caller speaks again, or the wait is over. */
  signal: AbortSignal;
}

/** An end-of-turn model: says at a pause how likely it is that the caller's turn is over. */
export interface EndOfTurnDetector {
  /** Name in turn records, and of its calibration. */
  readonly name: string;
  /** How much audio it takes, ms. Default 8000. */
  readonly windowMs?: number;
  /** Languages that it knows, such as `en`. In others it is not asked, and the wait is that of an unsure one. Default: all. */
  readonly languages?: readonly string[];
  /**
   * The probability that the turn is over, 0 to 1. If it rejects, answers late or with anything else, the wait is that of an
   * unsure answer. It is asked several times at one pause, one question after the other.
   */
  predict(question: EndOfTurnQuestion): Promise<number>;
  /** Loads what it needs. A session calls it when it starts, and does not wait for it. */
  ready?(options?: { signal?: AbortSignal }): Promise<void>;
}
