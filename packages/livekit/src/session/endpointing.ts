import {
  type Clock,
  type Ending,
  type EndpointingOptions,
  endingOf,
  endpointWaitMs,
  type Pace,
  type PaceEvent,
  paceAfter,
  pacedWaitMs,
} from '@firstword/turn';

/**
 * Silence at which the end-of-turn model is asked, ms. LiveKit 1.9.0 means to ask at 200 and asks at 256, where its VAD
 * calls speech ended, so that the model's own time is waited for: some 30 ms, and many times that while speech-to-text
 * needs the processor too. At 160 the model tells as much, or as little: docs/endpointing.md.
 */
export const EOT_AFTER_MS = 160;
/** Where LiveKit's own VAD has it asked. */
export const LIVEKIT_EOT_AT_MS = 256;

/**
 * How long words that are not final yet are waited for, ms: the slowest p95 published for a hosted engine is 965. Where
 * none come, it was no speech that the VAD heard.
 */
export const TRANSCRIPT_WAIT_MS = 1000;

/** A caller who speaks again this soon after the commit had not ended, ms: people do not answer what they have not heard. */
const CUT_OFF_WITHIN_MS = 700;

/** What was decided at a pause. */
export interface EndpointDecision {
  /** What the end-of-turn model said; absent where it failed. */
  probability?: number;
  /** How the words ended; absent where they were not known. */
  ending?: Ending;
  /** How sure speech-to-text was of the last words, 0 to 1; absent where it did not tell. */
  confidence?: number;
  /** How long was to be waited after the last sound, ms. */
  waitMs: number;
  /** The option that the wait goes by. */
  bound: 'sureMs' | 'doubtfulMs' | 'openMs';
}

export interface EndpointingPolicyOptions extends EndpointingOptions {
  /** Learn from how the caller pauses; default false. */
  adaptToCaller?: boolean;
  /** Silence at which the session's VAD has the model asked, ms; LiveKit's own: 256. */
  eotAfterMs?: number;
  /** What is known of the caller, and learned; left out, nothing is. */
  caller?: { pace: Pace };
}

/** Decides at each pause how long LiveKit has to wait for the end-of-turn answer: when it comes, the turn is committed. */
export class EndpointingPolicy {
  readonly #options: EndpointingPolicyOptions;
  readonly #clock: Clock;
  /** Tells of words only where a session was attached. */
  #hasTranscripts = false;
  /** The turn's final words so far. */
  #turnText = '';
  /** What is known of the newest words; `undefined` while others are on their way, and nothing can be said of them yet. */
  #newestWords: { ending: Ending; confidence: number | undefined; final: boolean } | undefined;
  readonly #caller: { pace: Pace };
  #cutOff = false;
  #committedMs: number | undefined;
  #decision: EndpointDecision | undefined;
  readonly #eotAfterMs: number;
  #waiting: { look: () => void; release: () => void } | undefined;

  constructor(options: EndpointingPolicyOptions, clock: Clock) {
    this.#options = options;
    this.#eotAfterMs = options.eotAfterMs ?? LIVEKIT_EOT_AT_MS;
    this.#caller = options.caller ?? { pace: 0 };
    this.#clock = clock;
  }

  /** What was decided at the pause in hand. */
  get decision(): EndpointDecision | undefined {
    return this.#decision;
  }

  /** The longest that `hold` can take, ms. */
  static longestMs({ doubtfulMs, openMs }: EndpointingOptions): number {
    return pacedWaitMs(Math.max(doubtfulMs, openMs, TRANSCRIPT_WAIT_MS), 1, { shortestMs: 0 });
  }

  /**
   * Resolves when the caller has been silent for long enough. A newer question ends an older one.
   * @param askedMs when the model was asked, on the clock
   */
  waitForEnd(probability: number | undefined, askedMs: number): Promise<void> {
    this.#waiting?.release();
    return new Promise((resolve) => {
      let cancelTimer = () => {};
      const release = () => {
        cancelTimer();
        if (this.#waiting === held) this.#waiting = undefined;
        resolve();
      };
      const look = () => {
        cancelTimer();
        const leftMs = askedMs - this.#eotAfterMs + this.#decide(probability) - this.#clock.nowMs();
        if (leftMs <= 0) release();
        else cancelTimer = this.#clock.schedule(leftMs, look);
      };
      const held = { look, release };
      this.#waiting = held;
      look();
    });
  }

  /** From now on words are told. */
  attach(): void {
    this.#hasTranscripts = true;
  }

  /**
   * What speech-to-text has of the stretch in hand.
   * @param words.confidence how sure it is of the last words, 0 to 1, where it tells
   */
  onWords(
    text: string,
    words: { final: boolean; language?: string | undefined; confidence?: number | undefined },
  ): void {
    if (text.trim() === '') return;
    const turn = `${this.#turnText} ${text}`;
    if (words.final) this.#turnText = turn;
    const { final, confidence, language } = words;
    this.#newestWords = { ending: endingOf(turn, language), confidence, final };
    this.#waiting?.look();
  }

  /** The caller speaks, for the first time or again. */
  onSpeech(): void {
    const nowMs = this.#clock.nowMs();
    const sinceCommitMs = nowMs - (this.#committedMs ?? Number.NEGATIVE_INFINITY);
    if (sinceCommitMs < CUT_OFF_WITHIN_MS && !this.#cutOff) {
      this.#cutOff = true;
      this.#learn('cutOff');
    } else if (this.#waiting) this.#learn('resumed');
    this.#waiting?.release();
    this.#decision = undefined;
    this.#newestWords = undefined;
  }

  /** LiveKit has committed the turn. */
  onCommit(): void {
    if (this.#committedMs !== undefined && !this.#cutOff) this.#learn('clean');
    this.#committedMs = this.#clock.nowMs();
    this.#cutOff = false;
    this.#turnText = '';
    this.#newestWords = undefined;
  }

  /** Ends what is waited for. */
  close(): void {
    this.#waiting?.release();
    this.#hasTranscripts = false;
  }

  #learn(event: PaceEvent): void {
    if (this.#options.adaptToCaller) this.#caller.pace = paceAfter(this.#caller.pace, event);
  }

  #decide(probability: number | undefined): number {
    const { sureMs } = this.#options;
    const heard = this.#hasTranscripts ? this.#newestWords : undefined;
    const { ending, confidence } = heard ?? {};
    const byModelMs = endpointWaitMs({ probability }, this.#options);
    const fullMs = endpointWaitMs({ probability, ending, confidence }, this.#options);
    const waitMs = pacedWaitMs(fullMs, this.#caller.pace, { shortestMs: sureMs });
    this.#decision = {
      ...(probability === undefined ? {} : { probability }),
      ...(ending === undefined ? {} : { ending }),
      ...(confidence === undefined ? {} : { confidence }),
      waitMs,
      bound: fullMs > byModelMs ? 'openMs' : byModelMs > sureMs ? 'doubtfulMs' : 'sureMs',
    };
    // Words that may still change are no reason to commit: LiveKit would do so at once when they are final.
    return this.#hasTranscripts && !heard?.final ? Math.max(waitMs, TRANSCRIPT_WAIT_MS) : waitMs;
  }
}
