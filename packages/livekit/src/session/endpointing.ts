import {
  answerState,
  type Clock,
  type EndpointingOptions,
  type ExpectedAnswer,
  endProbability,
  endpointWaitMs,
  expectedAnswer,
  meanProbability,
  parseExpected,
  type UtteranceEnding,
  utteranceEnding,
} from '@firstword/turn';
import { isolatedValue } from '../observe/user-callback.js';
import { PendingWait } from './pending-wait.js';

/**
 * Silence after which the end-of-turn model is asked, ms. LiveKit 1.9.0 is meant to ask at 200 but asks at 256, where its VAD
 * reports the end of speech. The model's own time then delays the commit: some 30 ms, and many times that while a local STT
 * uses the processor. The model is as accurate at 160: docs/endpointing.md.
 */
export const EOT_AFTER_MS = 160;
/** Silence after which a session with LiveKit's own VAD asks the model, ms. */
export const LIVEKIT_EOT_AT_MS = 256;

/**
 * How long to wait for a final transcript, ms. The slowest p95 published for a hosted STT is 965. If none arrives, the VAD
 * detected a sound that was not speech.
 */
export const TRANSCRIPT_WAIT_MS = 1000;
/**
 * How long to wait for a final transcript, ms, if at least `CERTAIN_SPEECH_MS` of speech has followed the turn's last final
 * transcript. So much speech is not a short sound, and a commit would answer only the words before it. Equal to LiveKit's
 * longest wait.
 */
export const LATE_TRANSCRIPT_WAIT_MS = 2500;
const CERTAIN_SPEECH_MS = 1000;

/** The decision at one pause. */
export interface EndpointDecision {
  /** Probability that the turn is over, from the model and the words, at the start of the pause, 0 to 1. */
  probability: number;
  /** The end-of-turn model's probability, 0 to 1: the mean of its answers so far; absent if it has not answered. */
  modelProbability?: number;
  /** How the words ended; absent if they were not known. */
  ending?: UtteranceEnding;
  /** The STT's confidence in the last words, 0 to 1; absent if not reported. */
  confidence?: number;
  /** Wait after the last sound, ms. */
  waitMs: number;
  /** The option that determined the wait. */
  bound: keyof EndpointingOptions;
}

/**
 * What the caller's next answer should be: `digits(10)`, `digits(7-10)`, `spelling(6)`, `name(2-)`, `yes-no`, `more` (after
 * "Anything else?"), `date`, `birth-date`, `time`, `email`, or `anything`. A function gets the agent's last words. If it
 * returns `undefined`, and by default, a table of questions decides.
 */
export type Expects = string | ((said: string) => string | undefined);

/** Options of Firstword's endpointing: the waits of `EndpointingOptions` (ms), and these. */
export interface EndpointingPolicyOptions extends EndpointingOptions {
  /**
   * Silence after which the session's VAD makes it ask the model, ms; default 256, that of LiveKit's own VAD. It sets Firstword's
   * VAD; of a VAD of your own it says when that one asks.
   */
  eotAfterMs?: number;
  /** What the caller's next answer should be. Default: by the agent's words. */
  expects?: Expects | undefined;
}

/** The agent's newest words. */
interface AgentWords {
  said: string;
  /** What the user's option makes of them. */
  given: ExpectedAnswer | undefined;
  /** What they ask for by themselves, in the language of the caller's newest words. */
  found?: { language: string | undefined; expected: ExpectedAnswer | undefined };
}

/** Decides at each pause how long LiveKit waits for the end-of-turn prediction. When it arrives, LiveKit commits the turn. */
export class EndpointingPolicy {
  readonly #options: EndpointingPolicyOptions;
  readonly #clock: Clock;
  /** Whether a session is attached, so that words are reported. */
  #hasTranscripts = false;
  /** The turn's final words so far. */
  #turnText = '';
  /** The newest words; `undefined` while the caller speaks and their transcript has not arrived. */
  #newestWords: { ending: UtteranceEnding; confidence: number | undefined; final: boolean } | undefined;
  /** What the user's option makes of the agent's words. */
  readonly #expects: (said: string) => ExpectedAnswer | undefined;
  #asked: AgentWords | undefined;
  #decision: EndpointDecision | undefined;
  /** When the current stretch of speech began, clock, ms. */
  #speechSinceMs: number | undefined;
  /** Its length, ms. */
  #speechMs = 0;
  readonly #eotAfterMs: number;
  #waiting: PendingWait | undefined;

  constructor(options: EndpointingPolicyOptions, clock: Clock) {
    this.#options = options;
    this.#eotAfterMs = options.eotAfterMs ?? LIVEKIT_EOT_AT_MS;
    this.#clock = clock;
    const { expects } = options;
    this.#expects = isolatedValue('expects', (said: string) => {
      const text = typeof expects === 'function' ? expects(said) : expects;
      return text === undefined ? undefined : parseExpected(text);
    });
  }

  /** The decision at the current pause. */
  get decision(): EndpointDecision | undefined {
    return this.#decision;
  }

  /** The longest time that `waitForEnd` can take, ms. */
  static longestMs({ maxDelayMs }: EndpointingOptions): number {
    return Math.max(maxDelayMs, LATE_TRANSCRIPT_WAIT_MS);
  }

  /**
   * Resolves when the caller has been silent for long enough. Asks the model now, and again while it is unsure and the
   * silence grows. A newer call resolves an older one.
   * @param ask the model's probability for the audio up to now; `undefined` or a rejection if it fails
   */
  waitForEnd(ask: () => Promise<number | undefined>): Promise<void> {
    this.#waiting?.release();
    const silentSinceMs = this.#clock.nowMs() - this.#eotAfterMs;
    this.#speechMs = this.#speechSinceMs === undefined ? 0 : silentSinceMs - this.#speechSinceMs;
    return new Promise((resolve) => {
      const held = new PendingWait({
        clock: this.#clock,
        silentSinceMs,
        ask,
        waitMs: (probabilities) => this.#decide(meanProbability(probabilities)),
        onEnd: () => {
          if (this.#waiting === held) this.#waiting = undefined;
          resolve();
        },
      });
      this.#waiting = held;
      held.start();
    });
  }

  /** A session is attached: words are reported from now on. */
  attach(): void {
    this.#hasTranscripts = true;
  }

  /**
   * Takes a transcript of the current stretch of speech.
   * @param words.confidence the STT's confidence in the last words, 0 to 1, if reported
   */
  onWords(
    text: string,
    words: { final: boolean; language?: string | undefined; confidence?: number | undefined },
  ): void {
    if (text.trim() === '') return;
    const turn = `${this.#turnText} ${text}`;
    if (words.final) this.#turnText = turn;
    const { final, confidence, language } = words;
    this.#newestWords = { ending: this.#endingOf(turn, language), confidence, final };
    this.#waiting?.look();
  }

  /** The agent has said these words: the caller's next ones answer them. */
  onAgentWords(said: string): void {
    this.#asked = { said, given: this.#expects(said) };
  }

  /** A committed turn goes on: its words precede those heard since. */
  putBack(words: string): void {
    this.#turnText = `${words} ${this.#turnText}`;
  }

  /** The caller has started or resumed speaking. */
  onSpeech(): void {
    this.#waiting?.release();
    this.#decision = undefined;
    this.#newestWords = undefined;
    this.#speechSinceMs = this.#clock.nowMs();
  }

  /** LiveKit has committed the turn. */
  onCommit(): void {
    this.#turnText = '';
    this.#newestWords = undefined;
  }

  /** Ends a wait, and detaches the session. */
  close(): void {
    this.#waiting?.release();
    this.#hasTranscripts = false;
  }

  #endingOf(turn: string, language: string | undefined): UtteranceEnding {
    const expected = this.#asked && expectedBy(this.#asked, language);
    const state = expected ? answerState(turn, expected, language) : 'unknown';
    const ending = utteranceEnding(turn, language);
    if (state === 'unknown' || ending === 'incomplete') return ending;
    return state === 'complete' ? 'answered' : 'incomplete';
  }

  #decide(modelProbability: number | undefined): number {
    const heard = this.#hasTranscripts ? this.#newestWords : undefined;
    const { ending, confidence } = heard ?? {};
    const evidence = { probability: modelProbability, ending, confidence };
    const waitMs = endpointWaitMs(evidence, this.#options);
    this.#decision = {
      probability: endProbability(evidence),
      ...(modelProbability === undefined ? {} : { modelProbability }),
      ...(ending === undefined ? {} : { ending }),
      ...(confidence === undefined ? {} : { confidence }),
      waitMs,
      bound: this.#boundOf(waitMs),
    };
    return this.#hasTranscripts && !heard?.final ? Math.max(waitMs, this.#transcriptWaitMs()) : waitMs;
  }

  /** How long to wait for the final transcript: LiveKit commits at once when it arrives, and interim words may still change. */
  #transcriptWaitMs(): number {
    const isLate =
      this.#turnText !== '' && this.#newestWords === undefined && this.#speechMs >= CERTAIN_SPEECH_MS;
    return isLate ? LATE_TRANSCRIPT_WAIT_MS : TRANSCRIPT_WAIT_MS;
  }

  #boundOf(waitMs: number): keyof EndpointingOptions {
    const { minDelayMs, maxDelayMs } = this.#options;
    return waitMs <= minDelayMs ? 'minDelayMs' : waitMs >= maxDelayMs ? 'maxDelayMs' : 'cutOffCostMs';
  }
}

function expectedBy(asked: AgentWords, language: string | undefined): ExpectedAnswer | undefined {
  if (asked.given) return asked.given;
  if (!asked.found || asked.found.language !== language)
    asked.found = { language, expected: expectedAnswer(asked.said, language) };
  return asked.found.expected;
}
