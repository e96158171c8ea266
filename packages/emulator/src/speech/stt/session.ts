import type { Clock } from '@firstword/turn';
import type { Random } from '@firstword/turn/statistics';
import { HEARING_RATE_HZ } from '../audio/pcm.js';
import { drawDelayMs } from '../draw-delay.js';
import type { UtteranceFault } from '../faults/speech-fault.js';
import { UtteranceReporter } from '../faults/utterance-reporter.js';
import type { HeardWord, Recognizer, RecognizerStream } from '../hear/recognizer.js';
import { SpeechDetector } from '../hear/speech-detector.js';
import { Timers } from '../timers.js';
import type { SttProfile } from './profiles.js';
import { formattedWords, plainWords, textOf } from './text.js';
import type { SttUpdate } from './update.js';

/** Options of an `SttSession`. */
export interface SttSessionOptions {
  recognizer: Recognizer;
  profile: SttProfile;
  clock: Clock;
  /** Draws the delays of finals. Nothing else uses it, so that each pause of the same audio gets the same delay. */
  delays: Random;
  /** Draws confidences and revisions. */
  details: Random;
  /** Silence that ends a segment, ms. Default: the profile's. */
  endpointingMs?: number | undefined;
  /** Whether a likely end is reported before the final, if the profile can. Default false. */
  eager?: boolean;
  /** Whether finals are formatted, if the profile formats only them. Default true. */
  formatsFinals?: boolean;
  /** Whether interims are reported. Default true. */
  interims?: boolean;
  /** Called at the beginning of each utterance. */
  nextFault?: () => UtteranceFault | undefined;
  onUpdate: (update: SttUpdate) => void;
  /** A fault resets the connection. */
  onReset?: () => void;
}

/** The segment or turn in hand. */
interface Utterance {
  fromMs: number;
  reporter: UtteranceReporter;
  /** The words of the likely end that was reported last, if speech has not gone on since. */
  eagerWords: readonly HeardWord[] | undefined;
  /** The session has decided that it is over; its final comes even if speech goes on. */
  isOver: boolean;
}

/** No engine takes a shorter silence for an end, ms: stop consonants and breaths are as long. An assumption. */
const SHORTEST_END_MS = 150;
/** A likely end of turn is reported at the earliest this long after the last sample, ms. An assumption. */
const EARLIEST_EAGER_MS = 40;
/** Audio is examined in parts of 20 ms, so that recognizer and detector are never further apart. */
const PART_SAMPLES = HEARING_RATE_HZ / 50;

/** One caller's audio at one STT engine: decides what is reported, and when. */
export class SttSession {
  readonly #options: SttSessionOptions;
  readonly #stream: RecognizerStream;
  readonly #detector: SpeechDetector;
  readonly #timers: Timers;
  #utterance: Utterance | undefined;
  /** What is planned for the pause in hand. */
  #pause: { finalAtMs: number; cancel: () => void } | undefined;
  #cancelInterims = () => {};
  /** Audio that has arrived, ms. While a message is examined, it is ahead of `positionMs`. */
  #receivedMs = 0;
  #isClosed = false;

  constructor(options: SttSessionOptions) {
    this.#options = options;
    this.#timers = new Timers(options.clock);
    this.#stream = options.recognizer.openStream();
    this.#detector = new SpeechDetector({
      onSpeech: (atMs) => this.#onSpeech(atMs),
      onPause: (atMs) => this.#onPause(atMs),
      onSilence: (silenceMs) => this.#onSilence(silenceMs),
    });
  }

  /** Audio received so far, ms. */
  get positionMs(): number {
    return this.#detector.positionMs;
  }

  /** Adds audio: mono 16-bit PCM at 16 kHz. */
  push(samples: Int16Array): void {
    this.#receivedMs += (samples.length * 1000) / HEARING_RATE_HZ;
    for (let at = 0; at < samples.length; at += PART_SAMPLES) {
      const part = samples.subarray(at, at + PART_SAMPLES);
      this.#stream.push(part);
      this.#detector.push(part);
    }
  }

  /** The client asks for the final of what has been said; `onDone` is called after it, or at once if nothing was said. */
  finalize(onDone: () => void = () => {}): void {
    const utterance = this.#utterance;
    if (!utterance || utterance.isOver) {
      onDone();
      return;
    }
    this.#pause?.cancel();
    utterance.isOver = true;
    this.#timers.later(this.#options.profile.finalizeMs, () => {
      void this.#reportFinal(utterance, this.#stream.endSegment()).then(onDone);
    });
  }

  /** Stops all timers and frees the recognizer's stream. */
  close(): void {
    this.#isClosed = true;
    this.#timers.close();
    this.#stream.close();
  }

  #onSpeech(atMs: number): void {
    this.#stream.speechStarted(atMs);
    this.#pause?.cancel();
    const utterance = this.#utterance;
    if (!utterance || utterance.isOver) {
      this.#begin(atMs);
    } else if (utterance.eagerWords) {
      utterance.eagerWords = undefined;
      this.#report('resumed', utterance, this.#stream.heard());
    }
  }

  #begin(fromMs: number): void {
    const fault = this.#options.nextFault?.();
    const reporter = new UtteranceReporter({
      fault,
      report: this.#options.onUpdate,
      later: (delayMs, work) => void this.#timers.later(delayMs, work),
    });
    const utterance: Utterance = { fromMs, reporter, eagerWords: undefined, isOver: false };
    this.#utterance = utterance;
    if (fault?.kind === 'reset-utterance') {
      this.#timers.later(fault.afterMs, () => this.#options.onReset?.());
    }
    this.#report('speech-started', utterance, []);
    this.#cancelInterims();
    if (this.#options.interims !== false) this.#scheduleInterim(utterance);
  }

  #scheduleInterim(utterance: Utterance): void {
    this.#cancelInterims = this.#timers.later(this.#options.profile.interim.everyMs, () => {
      if (this.#utterance !== utterance) return;
      this.#reportInterim(utterance);
      this.#scheduleInterim(utterance);
    });
  }

  #reportInterim(utterance: Utterance): void {
    if (utterance.eagerWords) {
      this.#report('interim', utterance, utterance.eagerWords);
      return;
    }
    const { profile, details } = this.#options;
    const untilMs = this.positionMs - profile.interim.lagMs;
    const words = this.#stream.heard().filter(({ endMs }) => endMs <= untilMs);
    const last = words.at(-1);
    if (!last) return;
    const isCut = details.uniform() < profile.revision && last.text.length > 3;
    const cut = { ...last, text: last.text.slice(0, Math.ceil(last.text.length / 2)) };
    this.#report('interim', utterance, isCut ? [...words.slice(0, -1), cut] : words);
  }

  #onPause(atMs: number): void {
    this.#stream.speechPaused(atMs);
    const utterance = this.#utterance;
    if (!utterance || utterance.isOver) return;
    const { profile, eager, delays } = this.#options;
    // The last sample of a message was spoken when it came: clients send one as soon as it is full.
    const spokenAtMs = this.#timers.nowMs() - (this.#receivedMs - atMs);
    const finalMs = Math.max(drawDelayMs(profile.final, delays), this.#endpointingMs);
    const finalAtMs = spokenAtMs + finalMs;
    const cancels: (() => void)[] = [];
    if (profile.eager && eager) {
      const eagerMs = Math.max(EARLIEST_EAGER_MS, finalMs - drawDelayMs(profile.eager, delays));
      cancels.push(this.#timers.at(spokenAtMs + eagerMs, () => this.#reportEager(utterance)));
    }
    // A client may stop sending audio in silence, so the clock decides too, a little later than the audio would.
    const endAtMs = profile.endsTurns ? finalAtMs : spokenAtMs + this.#endpointingMs + 20;
    cancels.push(this.#timers.at(endAtMs, () => this.#end(utterance, finalAtMs)));
    this.#pause = { finalAtMs, cancel: () => cancels.forEach((cancel) => void cancel()) };
  }

  get #endpointingMs(): number {
    const { profile, endpointingMs = profile.endpointingMs } = this.#options;
    return profile.final.p50Ms === 0 ? endpointingMs : Math.max(SHORTEST_END_MS, endpointingMs);
  }

  #onSilence(silenceMs: number): void {
    if (!this.#utterance || !this.#pause || this.#options.profile.endsTurns) return;
    if (silenceMs >= this.#endpointingMs) this.#end(this.#utterance, this.#pause.finalAtMs);
  }

  #end(utterance: Utterance, finalAtMs: number): void {
    if (utterance.isOver) return;
    utterance.isOver = true;
    this.#pause?.cancel();
    const words = this.#stream.endSegment();
    this.#timers.at(finalAtMs, () => void this.#reportFinal(utterance, words));
  }

  #reportEager(utterance: Utterance): void {
    const words = this.#stream.heard();
    if (words.length === 0) return;
    utterance.eagerWords = words;
    this.#report('eager-end', utterance, words);
  }

  async #reportFinal(utterance: Utterance, segment: Promise<readonly HeardWord[]>): Promise<void> {
    const words = await segment;
    if (this.#isClosed) return;
    if (this.#utterance === utterance) {
      this.#cancelInterims();
      this.#utterance = undefined;
    }
    if (utterance.eagerWords && textOf(utterance.eagerWords) !== textOf(words)) {
      utterance.eagerWords = undefined;
      this.#report('resumed', utterance, words);
    }
    this.#report('final', utterance, words);
    if (this.#detector.isSpeech && !this.#utterance) {
      // The client asked to finalize in mid-speech: what follows is a new segment.
      this.#stream.speechStarted(this.positionMs);
      this.#begin(this.positionMs);
    }
  }

  #report(kind: SttUpdate['kind'], utterance: Utterance, words: readonly HeardWord[]): void {
    const { profile, formatsFinals = true, details } = this.#options;
    const isFinal = kind === 'final';
    const isFormatted = profile.formatted === 'all' || (isFinal && formatsFinals);
    // Between a likely end and the final, Flux repeats the same words.
    const isComplete = isFinal || utterance.eagerWords !== undefined;
    utterance.reporter.report({
      kind,
      words: isFormatted ? formattedWords(words, isComplete) : plainWords(words),
      confidence: isFinal ? 0.95 + 0.049 * details.uniform() : 0.8 + 0.19 * details.uniform(),
      fromMs: utterance.fromMs,
      toMs: isFinal ? (words.at(-1)?.endMs ?? this.positionMs) : this.positionMs,
      endsSpeech: isFinal && !this.#detector.isSpeech,
    });
  }
}
