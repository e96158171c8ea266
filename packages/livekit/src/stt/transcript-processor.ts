import {
  type Clock,
  ConfidenceFilter,
  type Hypothesis,
  InterimInterval,
  isBackchannel,
  isOpeningPhrase,
  isSentenceFragment,
  type SpeculationReason,
  type Speculator,
  sameWords,
  shouldFinalise,
  shouldSpeculate,
  utteranceEnding,
  wordsOf,
} from '@firstword/turn';
import { stt } from '@livekit/agents';
import { type CancelReason, logCancelled, logRefused, type RefusalReason } from '../observe/debug-log.js';
import { EarlyFinal } from './early-final.js';
import { endConfidenceOf } from './end-confidence.js';
import type { SegmentMemory } from './segments.js';

const { SpeechEventType: Type } = stt;

/**
 * Metadata key of interim transcripts (`SpeechData.metadata`), set by an STT that detects pauses itself: the silence after
 * the last word, ms; 0 while the caller is still speaking.
 */
export const PAUSED_MS = 'firstword.pausedMs';

/** A final that repeats the previous one within this time, with nothing in between, is a duplicate and is dropped, ms. */
const REPEATED_FINAL_MS = 300;

/** Options of `TranscriptProcessor`. */
export interface TranscriptProcessorOptions {
  clock: Clock;
  speculator: Speculator;
  segments: SegmentMemory;
  /** Filler words to ignore, in addition to those of the language. */
  fillers?: readonly string[] | undefined;
  /** Whether LiveKit would accept a speculation now. */
  canSpeculate: () => boolean;
  /** There are enough words to speculate on, but a reply is still active: it may be interrupted. */
  interruptReplies?: ((words: number) => void) | undefined;
  /** Silence after which the words of a running speculation are emitted as final, ms. Default: wait for the STT's final. */
  finalSilenceMs?: number | undefined;
  /** After the commit, the STT wrote the words that history has as `given` differently. */
  onLateFinal?: ((given: string, written: string, other: boolean) => void) | undefined;
  /** What a superseded speculation costs, tokens; 0 if unknown. */
  costTokens: () => number;
  emit: (event: stt.SpeechEvent) => void;
}

function pausedMs({ metadata }: stt.SpeechData): number | undefined {
  const ms = metadata?.[PAUSED_MS];
  return typeof ms === 'number' ? ms : undefined;
}

/** The newest interim transcript, with what the speculation policy needs to know about it. */
interface CurrentInterim extends Hypothesis {
  event: stt.SpeechEvent;
  text: string;
  /** Why a start on these words was refused last: each reason is logged once for the same words. */
  refused?: RefusalReason | undefined;
}

/** The newest final transcript: as the STT wrote it, and as it was emitted to LiveKit. */
interface LastFinal {
  event: stt.SpeechEvent;
  text: string;
  given: string;
  atMs: number;
  /** Something else was transcribed since, so the same words once more are new speech. */
  stale: boolean;
}

/**
 * Rewrites the events of one STT stream so that LiveKit starts speculations and keeps them. An interim worth a speculation
 * is emitted as a preflight transcript. A final with the same words is emitted in the preflight's exact spelling, because
 * LiveKit discards a speculation if so much as a full stop differs.
 */
export class TranscriptProcessor {
  readonly #options: TranscriptProcessorOptions;
  readonly #gauge = new ConfidenceFilter();
  readonly #cadence = new InterimInterval();
  #interim: CurrentInterim | undefined;
  /** The preflight transcript of the current segment, exactly as LiveKit has it. */
  #preflight: string | undefined;
  #lastFinal: LastFinal | undefined;
  #silentSinceMs: number | undefined;
  /** A VAD measures silence. */
  #isSilenceMeasured = false;
  /** The STT emits preflights of its own: only they, and silence after the words, start speculations. */
  #hasOwnPreflights = false;
  #cancelTimer: (() => void) | undefined;
  #endedEmpty = false;
  /** A final emitted before the STT's own, until that one has arrived. */
  #early: EarlyFinal | undefined;

  constructor(options: TranscriptProcessorOptions) {
    this.#options = options;
  }

  /** Whether the STT's newest transcript is a final without words: interims before it lead to nothing. */
  get endedEmpty(): boolean {
    return this.#endedEmpty;
  }

  process(reported: stt.SpeechEvent): void {
    const event = this.#early ? this.#afterEarlyFinal(this.#early, reported) : reported;
    if (!event) return;
    if (event.type === Type.INTERIM_TRANSCRIPT) this.#onInterim(event);
    else if (event.type === Type.FINAL_TRANSCRIPT) this.#onFinal(event);
    else if (event.type === Type.PREFLIGHT_TRANSCRIPT) this.#onPreflight(event);
    else {
      if (event.type === Type.START_OF_SPEECH && this.#lastFinal) this.#lastFinal.stale = true;
      this.#options.emit(event);
    }
  }

  /** Silence detected by a VAD: since when the caller is silent (clock, ms); `undefined` while they speak. */
  setSilence(sinceMs: number | undefined): void {
    this.#isSilenceMeasured = true;
    this.#silentSinceMs = sinceMs;
    if (sinceMs !== undefined) this.#speculateIfWorthIt();
  }

  /** The VAD has failed: silence is not measured any more. */
  forgetSilence(): void {
    this.#isSilenceMeasured = false;
    this.#silentSinceMs = undefined;
  }

  /** No reply is active any more: words that were worth a speculation may start one now. */
  reconsider(): void {
    this.#speculateIfWorthIt();
  }

  /** The turn is being committed: later transcripts belong to the next turn. */
  committed(): void {
    this.#early?.committed();
  }

  /** Another agent has taken over. It has none of the earlier transcripts. */
  handedOver(): void {
    this.#early = undefined;
    this.#preflight = undefined;
    if (this.#lastFinal) this.#lastFinal.stale = true;
    this.#speculateIfWorthIt();
  }

  close(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#interim = undefined;
  }

  #onInterim(event: stt.SpeechEvent): void {
    const data = event.alternatives?.[0];
    const text = data?.text ?? '';
    const echo = this.#isLateInterim(text, data?.language);
    if (text !== '') this.#endedEmpty = false;
    if (!data || echo || wordsOf(text, this.#words(data.language)).length === 0) {
      this.#options.emit(event);
      return;
    }
    if (this.#lastFinal) this.#lastFinal.stale = true;
    const nowMs = this.#options.clock.nowMs();
    this.#cadence.record(nowMs);
    const before = this.#interim;
    const same = before !== undefined && this.#same(before.text, text, data.language);
    this.#interim = {
      event,
      text,
      confidence: this.#gauge.apply(data.confidence),
      unchangedSinceMs: same ? before.unchangedSinceMs : nowMs,
      revisions: same ? before.revisions + 1 : 1,
      lastInterimMs: nowMs,
      interimIntervalMs: this.#cadence.averageMs,
      engineSilenceMs: pausedMs(data),
      openingPhrase: isOpeningPhrase(text, data.language),
      incomplete:
        utteranceEnding(text, data.language) === 'incomplete' || isSentenceFragment(text, data.language),
      refused: same ? before.refused : undefined,
    };
    if (!this.#speculateIfWorthIt()) this.#options.emit(event);
  }

  /**
   * LiveKit starts a new speculation for every preflight. A preflight with the words already running, or one that the
   * budget does not allow, is therefore emitted as an interim.
   */
  #onPreflight(event: stt.SpeechEvent): void {
    this.#hasOwnPreflights = true;
    this.#dropInterim();
    const data = event.alternatives?.[0];
    const running = this.#preflight;
    const again =
      data !== undefined && running !== undefined && this.#same(running, data.text, data.language);
    if (data?.text && !again) {
      const nowMs = this.#options.clock.nowMs();
      const heard = { unchangedSinceMs: nowMs, lastInterimMs: nowMs, revisions: 1, preflight: true };
      this.#interim = { ...heard, event, text: data.text };
      if (this.#speculateIfWorthIt()) return;
    }
    this.#options.emit({ ...event, type: Type.INTERIM_TRANSCRIPT });
  }

  #onFinal(event: stt.SpeechEvent): void {
    const data = event.alternatives?.[0];
    this.#endedEmpty = !data?.text;
    if (!data?.text) {
      this.#options.emit(event);
      return;
    }
    if (this.#isRepeatedFinal(event, data)) {
      this.#rewrite(data.text);
      return;
    }
    const preflight = this.#preflight;
    const kept = preflight !== undefined && this.#same(preflight, data.text, data.language);
    const given = kept ? preflight : data.text;
    if (!kept) this.#supersede();
    this.#emitFinal(event, data, given);
  }

  /** Emits a final with the text `given`, which may be spelled differently from the STT's. */
  #emitFinal(event: stt.SpeechEvent, data: stt.SpeechData, given: string): void {
    const { clock, segments, emit } = this.#options;
    this.#dropInterim();
    this.#cadence.reset();
    this.#preflight = undefined;
    this.#lastFinal = { event, text: data.text, given, atMs: clock.nowMs(), stale: false };
    segments.add({ given, written: data.text, endConfidence: endConfidenceOf(data) });
    emit({ ...event, alternatives: [{ ...data, text: given }, ...(event.alternatives?.slice(1) ?? [])] });
  }

  /** Starts a speculation on the newest interim if it is worth one. Returns whether a preflight was emitted. */
  #speculateIfWorthIt(): boolean {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const heard = this.#interim;
    if (!heard) return false;
    if (this.#isRunning(heard)) return this.#finalise(heard);
    const { clock, speculator, canSpeculate, emit } = this.#options;
    const nowMs = clock.nowMs();
    const silentSinceMs = this.#silentSinceMs;
    const speaking = this.#isSilenceMeasured && silentSinceMs === undefined;
    // An STT that sends preflights knows better than stable or confident words when a turn may be over: of other interims
    // only silence counts.
    const confidence = this.#hasOwnPreflights ? 0 : heard.confidence;
    const hypothesis = { ...heard, confidence, silentSinceMs, speaking };
    const trigger = shouldSpeculate(hypothesis, nowMs, speculator.options);
    if (!trigger.start) {
      this.#recheckIn(trigger.waitMs);
      return false;
    }
    if (!canSpeculate()) {
      this.#noteRefused(heard, 'reply active', trigger.reason);
      const { language } = heard.event.alternatives?.[0] ?? {};
      // Words that only show attention do not interrupt before they are final.
      if (!isBackchannel(heard.text, { language }))
        this.#options.interruptReplies?.(wordsOf(heard.text, this.#words(language)).length);
      return false;
    }
    const superseding = speculator.running;
    const refusal = speculator.start(trigger.reason, nowMs);
    if (refusal !== undefined) {
      this.#noteRefused(heard, refusal, trigger.reason);
      return false;
    }
    if (superseding) this.#waste('words changed');
    this.#preflight = heard.text;
    emit({ ...heard.event, type: Type.PREFLIGHT_TRANSCRIPT });
    this.#speculateIfWorthIt();
    return true;
  }

  /** Emits the words of the running speculation as final after enough silence. Returns whether it did. */
  #finalise(heard: CurrentInterim): boolean {
    const { clock, speculator, segments, finalSilenceMs, onLateFinal = () => {} } = this.#options;
    const data = heard.event.alternatives?.[0];
    const given = this.#preflight;
    if (finalSilenceMs === undefined || !data || given === undefined || !speculator.running) return false;
    const state = { ...heard, silentSinceMs: this.#silentSinceMs };
    const due = shouldFinalise(state, clock.nowMs(), { silenceMs: finalSilenceMs });
    if (!due.final) {
      this.#recheckIn(due.waitMs);
      return false;
    }
    this.#early = new EarlyFinal({
      given,
      segments,
      words: (language) => this.#words(language),
      onCorrected: () => this.#supersede(),
      onLateFinal,
    });
    this.#emitFinal({ ...heard.event, type: Type.FINAL_TRANSCRIPT }, { ...data, text: heard.text }, given);
    return true;
  }

  #afterEarlyFinal(early: EarlyFinal, reported: stt.SpeechEvent): stt.SpeechEvent | undefined {
    const { event, over } = early.process(reported);
    if (over) this.#early = undefined;
    const last = this.#lastFinal;
    // From here on, repeated words are duplicates; added words are new.
    if (over && last) {
      const { text } = reported.alternatives?.[0] ?? last;
      this.#lastFinal = event
        ? { ...last, stale: true }
        : { ...last, event: reported, text, atMs: this.#options.clock.nowMs() };
    }
    return event;
  }

  #recheckIn(waitMs: number | undefined): void {
    if (waitMs === undefined) return;
    this.#cancelTimer = this.#options.clock.schedule(waitMs, () => this.#speculateIfWorthIt());
  }

  #isRunning({ text, event }: CurrentInterim): boolean {
    return (
      this.#preflight !== undefined && this.#same(this.#preflight, text, event.alternatives?.[0]?.language)
    );
  }

  /** Whether an interim only repeats words that are final already. */
  #isLateInterim(text: string, language: string | undefined): boolean {
    const last = this.#lastFinal;
    return last !== undefined && !last.stale && this.#same(last.text, text, language);
  }

  #isRepeatedFinal(event: stt.SpeechEvent, data: stt.SpeechData): boolean {
    const last = this.#lastFinal;
    if (!last || last.stale || !this.#same(last.text, data.text, data.language)) return false;
    const before = last.event.alternatives?.[0];
    if (data.endTime > 0 && before?.endTime === data.endTime && before.startTime === data.startTime)
      return true;
    // Sent at once, but for later audio: the caller said the same words twice ("five, five").
    if (before && before.endTime > 0 && data.startTime >= before.endTime) return false;
    const sameRequest = event.requestId === last.event.requestId;
    return sameRequest && this.#options.clock.nowMs() - last.atMs < REPEATED_FINAL_MS;
  }

  /** The STT repeats its last final, perhaps in better spelling: history shows that spelling. */
  #rewrite(written: string): void {
    const last = this.#lastFinal;
    if (last) this.#options.segments.setWritten(last.given, { written });
  }

  #supersede(): void {
    const { speculator } = this.#options;
    if (!speculator.running) return;
    speculator.cancel();
    this.#waste('final differs');
  }

  /** Counts and logs what a cancelled speculation cost. */
  #waste(reason: CancelReason): void {
    const { speculator, clock, costTokens } = this.#options;
    const tokens = costTokens();
    speculator.addWastedTokens(tokens, clock.nowMs());
    logCancelled(reason, tokens);
  }

  #noteRefused(interim: CurrentInterim, reason: RefusalReason, trigger: SpeculationReason): void {
    if (interim.refused !== reason) logRefused(reason, trigger);
    interim.refused = reason;
  }

  #dropInterim(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#interim = undefined;
  }

  #words(language: string | undefined) {
    return { language: language || undefined, fillers: this.#options.fillers };
  }

  #same(a: string, b: string, language: string | undefined): boolean {
    return sameWords(a, b, this.#words(language));
  }
}
