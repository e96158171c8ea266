import type { FirstwordError, TranscriptHandlers, TranscriptStream } from '@firstword/turn';
import { quietestPlace } from '../audio/level.js';
import { SampleBuffer } from '../audio/sample-buffer.js';
import { DipDetector } from './dip.js';
import { hasSound, isSilent, speechLevel } from './pause.js';
import { type SpeechSpan, STT_RATE_HZ } from './protocol.js';
import { type DecodeSource, type RunningDecode, URGENCY, type Urgency } from './scheduler.js';
import * as utterance from './utterance.js';

type Segment = utterance.SpeechSegment;

const samplesOf = (ms: number) => (ms * STT_RATE_HZ) / 1_000;
const msOf = (samples: number) => (samples * 1_000) / STT_RATE_HZ;

/** Audio kept from before `beginUtterance`, because a VAD detects speech late, and soft onsets later. */
const PRE_ROLL_SAMPLES = samplesOf(500);
/** A decode needs this much audio after the last sound, or the last word may be cut. */
const TAIL_SAMPLES = samplesOf(30);
/** A dip needs this much undecoded audio for a decode of its own. */
const DIP_AFTER_SAMPLES = samplesOf(60);
/**
 * Decodes for interims begin at least this many times the duration of the last decode apart. Each decodes the whole clip:
 * without a limit a caller of six seconds keeps a core busy, and the final transcript waits for a decode that nobody needs.
 */
const REST = 2;
/** Length of the audio before a pause from which the room's noise is measured. */
const PAUSE_SAMPLES = samplesOf(80);
/** From this length, a pause ends the segment, so that decodes stay short in a monologue. */
const LONG_SEGMENT_SAMPLES = samplesOf(8_000);
/** Without a pause, the cut is made at the quietest place of this last part. */
const CUT_SEARCH_SAMPLES = samplesOf(2_000);
const CUT_FRAME_SAMPLES = samplesOf(50);

/** When a stream decodes. */
export interface StreamTimes {
  /** New speech after which the next interim is due, ms; later if decodes take more than half of that. */
  interimEveryMs: number;
  /** Longest clip decoded at once, ms. */
  maxSegmentMs: number;
}

/** Options of a `MoonshineStream`. */
export interface StreamOptions {
  handlers: TranscriptHandlers;
  times: StreamTimes;
  /** Whether to detect by level that the speaker becomes quiet. */
  detectDips: boolean;
  /** Called when something may have to be decoded. */
  nudge: () => void;
  /** Why the engine cannot start; `undefined` if it can. */
  unusable: () => FirstwordError | undefined;
  onClose: () => void;
}

/** STT of one caller: keeps the audio, decides what to decode next, and turns results into transcripts. */
export class MoonshineStream implements TranscriptStream, DecodeSource {
  readonly #options: StreamOptions;
  readonly #audio = new SampleBuffer();
  readonly #dips: DipDetector | undefined;
  /** Oldest first; only the last one can be open. */
  #utterances: utterance.Utterance[] = [];
  /** Where the last utterance ended: the next one's pre-roll must not repeat its words. */
  #lastEnd = 0;
  #running: { segment: Segment; to: number; handle: RunningDecode } | undefined;
  #closed = false;

  constructor(options: StreamOptions) {
    this.#options = options;
    this.#dips = options.detectDips ? new DipDetector() : undefined;
  }

  push(samples: Int16Array): void {
    if (this.#closed) return;
    this.#audio.push(samples);
    const dipped = this.#dips?.push(samples);
    const segment = this.#openSegment();
    if (dipped && segment) segment.dip = this.#audio.end;
    this.#divide();
    this.#forget();
    this.#options.nudge();
  }

  beginUtterance(): void {
    if (this.#closed || this.#openSegment()) return;
    const begun = this.#audio.end;
    const from = Math.max(this.#audio.start, begun - PRE_ROLL_SAMPLES, this.#lastEnd);
    this.#utterances.push({ segments: [utterance.newSegment({ from, begun })], ended: false });
  }

  hintPause(): void {
    const segment = this.#openSegment();
    if (!segment) return;
    this.#notePause(segment);
    this.#raise(segment, URGENCY.pause);
    // Already decoded before the pause was known. Handlers are never called from within the user's own call.
    if (this.#coversAll(segment, segment.decoded?.to)) queueMicrotask(() => this.#reportInterim(segment));
    this.#options.nudge();
  }

  endUtterance(): void {
    if (this.#closed) return;
    const segment = this.#openSegment();
    if (segment) {
      if (!segment.pause) this.#notePause(segment);
      segment.to = this.#audio.end;
      this.#lastEnd = segment.to;
      this.#utterances.at(-1)!.ended = true;
      this.#raise(segment, URGENCY.final);
      this.#settle(segment);
    } else {
      // Ended twice or never begun: there is still one final per call.
      this.#utterances.push({ segments: [], ended: true });
    }
    // Handlers are never called from within the user's own call.
    queueMicrotask(() => {
      this.engineUnusable();
      this.#deliver();
    });
    this.#options.nudge();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#utterances = [];
    this.#forget();
    this.#options.onClose();
  }

  wants(): Urgency | undefined {
    const finished = utterance.unsettled(this.#utterances);
    if (finished) {
      if (this.#coversAll(finished.segment, this.#runningTo(finished.segment))) return undefined;
      return finished.ended ? URGENCY.final : URGENCY.pause;
    }
    const segment = this.#openSegment();
    if (!segment) return undefined;
    const decodedTo = Math.max(segment.decoded?.to ?? 0, this.#runningTo(segment) ?? 0);
    if (this.#coversAll(segment, decodedTo)) return undefined;
    if (segment.pause && decodedTo < segment.pause.at) return URGENCY.pause;
    const dipped = segment.dip !== undefined && decodedTo < segment.dip;
    const fresh = this.#audio.end - Math.max(segment.begun, decodedTo);
    // The words before a dip may be the whole turn: speculation waits for them.
    if (dipped && fresh >= DIP_AFTER_SAMPLES) return URGENCY.dip;
    if (fresh < REST * samplesOf(segment.decoded?.decodeMs ?? 0)) return undefined;
    const isDue = this.#runningTo(segment) === undefined && this.#isInterimDue(segment, this.#audio.end);
    return isDue ? URGENCY.interim : undefined;
  }

  take(): ReturnType<DecodeSource['take']> {
    const urgency = this.wants() ?? URGENCY.interim;
    const segment = (utterance.unsettled(this.#utterances)?.segment ?? this.#openSegment())!;
    const to = segment.to ?? this.#audio.end;
    const again = this.#isWordless(segment);
    const handle: RunningDecode = {
      urgency,
      done: (decoded) => {
        this.#running = undefined;
        utterance.noteDecoded(segment, decoded, to);
        if (again && !decoded.cancelled) segment.decodedAgain = true;
        this.#settle(segment);
        // A dip may turn out to be a pause. Until then, its decode counts as an interim.
        const isDue = handle.urgency <= URGENCY.pause || this.#isInterimDue(segment, to);
        if (!decoded.cancelled && segment.to === undefined && isDue) this.#reportInterim(segment);
        this.#deliver();
      },
      failed: (error) => {
        this.#running = undefined;
        utterance.noteFailed(segment);
        // A crash is reported to every stream by engineDown.
        if (error.code === 'internal' && !this.#closed) this.#options.handlers.onError(error);
        this.#deliver();
      },
    };
    this.#running = { segment, to, handle };
    return {
      request: {
        samples: this.#audio.slice(segment.from, to),
        draft: segment.draft,
        ...(again ? { again: this.#speechOf(segment, to) } : {}),
      },
      running: handle,
    };
  }

  /** The engine crashed and is being restarted; unfinished segments are decoded again. */
  engineDown(error: FirstwordError, during: 'start' | 'work'): void {
    if (this.#utterances.length === 0) return;
    if (during === 'start') {
      for (const segment of this.#segments().filter((s) => !s.settled)) utterance.noteFailed(segment);
    }
    this.#options.handlers.onError(error);
    this.#deliver();
  }

  /** If the engine cannot start, finished segments get an empty text, so that every final is still delivered. */
  engineUnusable(): void {
    const error = this.#options.unusable();
    const waiting = this.#segments().filter((segment) => segment.to !== undefined && !segment.settled);
    if (!error || waiting.length === 0) return;
    waiting.forEach(utterance.giveUp);
    this.#options.handlers.onError(error);
    this.#deliver();
  }

  #segments(): Segment[] {
    return this.#utterances.flatMap(({ segments }) => segments);
  }

  /** The open segment. */
  #openSegment(): Segment | undefined {
    const last = this.#utterances.at(-1);
    return last?.ended === false ? last.segments.at(-1) : undefined;
  }

  /** Whether enough audio has arrived since the last interim for another one. */
  #isInterimDue({ begun, reportedTo }: Segment, at: number): boolean {
    return at - Math.max(begun, reportedTo) >= samplesOf(this.#options.times.interimEveryMs);
  }

  /** Position up to which the running decode covers this segment. */
  #runningTo(segment: Segment): number | undefined {
    return this.#running?.segment === segment ? this.#running.to : undefined;
  }

  /** Whether a decode up to this position covers the segment: only silence follows, and it does not go past a cut. */
  #coversAll(segment: Segment, to: number | undefined): boolean {
    const end = segment.to ?? this.#audio.end;
    if (to === end) return true;
    if (to === undefined || to > end || !segment.pause) return false;
    const rest = this.#audio.slice(Math.max(segment.from, to - TAIL_SAMPLES), end);
    return !hasSound(rest, segment.pause.levelRms);
  }

  #notePause(segment: Segment): void {
    const at = this.#audio.end;
    const speech = this.#audio.slice(segment.from, at);
    segment.pause = { at, levelRms: speechLevel({ speech, pause: speech.subarray(-PAUSE_SAMPLES) }) };
  }

  /** Raises the urgency of a running decode that covers the segment, so that no other decode stops it. */
  #raise(segment: Segment, urgency: Urgency): void {
    if (this.#running && this.#coversAll(segment, this.#runningTo(segment))) {
      this.#running.handle.urgency = urgency;
    }
  }

  /** Settles a finished segment once all of it is decoded (twice if it yielded no words), or if it contains no sound. */
  #settle(segment: Segment): void {
    if (segment.to === undefined || segment.settled) return;
    const isDecoded = this.#coversAll(segment, segment.decoded?.to);
    segment.settled =
      (isDecoded && (segment.decodedAgain || !this.#isWordless(segment))) ||
      isSilent(this.#audio.slice(segment.from, segment.to));
  }

  /** Whether all of a finished segment was decoded, and there were no words in it. */
  #isWordless(segment: Segment): boolean {
    const { to, decoded } = segment;
    return to !== undefined && decoded?.text === '' && this.#coversAll(segment, decoded.to);
  }

  /** Where the speech of a finished segment is: from its detection to the pause that ended it. */
  #speechOf({ from, begun, pause }: Segment, to: number): SpeechSpan {
    const isOver = pause !== undefined && !hasSound(this.#audio.slice(pause.at, to), pause.levelRms);
    return { from: begun - from, to: (isOver ? pause.at : to) - from };
  }

  /** Limits the cost of one decode: closes a long segment at its last pause, or where it is quietest. */
  #divide(): void {
    const segment = this.#openSegment();
    if (!segment) return;
    const { decoded, pause, from } = segment;
    const end = this.#audio.end;
    if (decoded && pause && pause.at - from >= LONG_SEGMENT_SAMPLES && decoded.to >= pause.at) {
      const pauseDecoded = !hasSound(this.#audio.slice(pause.at, decoded.to), pause.levelRms);
      if (pauseDecoded && !this.#coversAll(segment, decoded.to)) this.#cut(segment, decoded.to);
    } else if (end - from >= samplesOf(this.#options.times.maxSegmentMs)) {
      const search = end - Math.min(CUT_SEARCH_SAMPLES, (end - from) / 2);
      this.#cut(segment, search + quietestPlace(this.#audio.slice(search, end), CUT_FRAME_SAMPLES));
    }
  }

  #cut(segment: Segment, at: number): void {
    segment.to = at;
    this.#utterances.at(-1)!.segments.push(utterance.newSegment({ from: at, begun: at }));
    this.#settle(segment);
  }

  #forget(): void {
    const needed = this.#segments().find((segment) => !segment.settled)?.from ?? this.#audio.end;
    const keep = this.#closed ? this.#audio.end : this.#audio.end - PRE_ROLL_SAMPLES;
    this.#audio.dropBefore(Math.min(needed, keep));
  }

  #reportInterim(segment: Segment): void {
    const current = this.#utterances.find(({ segments }) => segments.includes(segment));
    if (!current || !segment.decoded) return;
    const text = utterance.textOf(current);
    const { to, decodeMs } = segment.decoded;
    const audioMs = msOf(utterance.lengthOf(current, to));
    const paused = segment.pause !== undefined && this.#coversAll(segment, to) ? { paused: true } : {};
    segment.reportedTo = to;
    if (text !== '') {
      this.#options.handlers.onTranscript({ kind: 'interim', text, ...paused, audioMs, decodeMs });
    }
  }

  #deliver(): void {
    for (let first = this.#utterances[0]; first && utterance.isComplete(first); first = this.#utterances[0]) {
      this.#utterances.shift();
      const last = first.segments.at(-1);
      this.#options.handlers.onTranscript({
        kind: 'final',
        text: utterance.textOf(first),
        ...(last?.decoded?.text ? { endConfidence: last.decoded.endConfidence } : {}),
        audioMs: msOf(utterance.lengthOf(first, last?.to ?? 0)),
        decodeMs: last?.decoded?.decodeMs ?? 0,
      });
    }
    this.#forget();
  }
}
