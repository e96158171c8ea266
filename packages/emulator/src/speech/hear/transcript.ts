import { type Clock, FirstwordError, systemClock } from '@firstword/turn';
import { durationMs, HEARING_RATE_HZ } from '../audio/pcm.js';
import type { HeardWord, Recognizer, RecognizerStream } from './recognizer.js';

/** What a caller says in one turn. */
export interface TranscriptLine {
  text: string;
  /** Duration of the line's audio, pauses included, ms. Without it, the words follow an average speaking rate. */
  ms?: number;
}

/**
 * Speaking time per letter, ms; a word counts two letters more than it has. 65 ms is about 140 words a minute, slower
 * than most callers, so that an interim transcript does not report words before they are said.
 */
const LETTER_MS = 65;
/** A pause ends the line if at least this share of its expected time has passed. */
const LINE_SHARE = 0.5;

/**
 * Reads a transcript: one line of text per turn, in the order in which the caller speaks. Empty lines and lines that
 * begin with `#` are left out.
 * @throws FirstwordError `bad_input` if no line is left
 */
export function parseTranscript(text: string): TranscriptLine[] {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (lines.length === 0) {
    throw new FirstwordError('bad_input', 'The transcript is empty. Write one line per turn of the caller.');
  }
  return lines.map((line) => ({ text: line }));
}

/** A place in a transcript: a line, counted on when lines repeat, and a word of it. */
interface Place {
  line: number;
  word: number;
}

/** Streams that find the beginning of speech within this time hear the same speech, ms. */
const SAME_SPEECH_MS = 300;

/**
 * How far the call has come in its transcript. All streams share it: a client that reconnects goes on where the call is, and
 * several STTs that hear the same speech hear the same words.
 */
class TranscriptCursor {
  readonly #lines: readonly TranscriptLine[];
  readonly #repeats: boolean;
  readonly #clock: Clock;
  /** After the last word that any stream has had. */
  #next: Place = { line: 0, word: 0 };
  #latestSpeech: { atMs: number; place: Place } | undefined;

  constructor(lines: readonly TranscriptLine[], options: { repeats: boolean; clock: Clock }) {
    this.#lines = lines;
    this.#repeats = options.repeats;
    this.#clock = options.clock;
  }

  /** Where the speech that begins now is. */
  begin(): Place {
    const atMs = this.#clock.nowMs();
    const latest = this.#latestSpeech;
    if (latest && atMs - latest.atMs < SAME_SPEECH_MS) return latest.place;
    this.#latestSpeech = { atMs, place: this.#next };
    return this.#next;
  }

  /** The rest of the line at a place: its words with their expected durations, ms. */
  rest({ line: index, word }: Place): { text: string; ms: number }[] {
    const line = this.#lines[this.#repeats ? index % this.#lines.length : index];
    if (!line) return [];
    const words = line.text.split(/\s+/).filter((one) => one !== '');
    const weights = words.map((one) => one.length + 2);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const unitMs = line.ms === undefined ? LETTER_MS : line.ms / total;
    return words.map((text, at) => ({ text, ms: weights[at]! * unitMs })).slice(word);
  }

  /** A stream has had so many words from a place on. */
  take(from: Place, words: number): void {
    const isLineOver = words >= this.rest(from).length;
    const to = isLineOver ? { line: from.line + 1, word: 0 } : { line: from.line, word: from.word + words };
    const { line, word } = this.#next;
    if (to.line > line || (to.line === line && to.word > word)) this.#next = to;
  }
}

class TranscriptStream implements RecognizerStream {
  readonly #cursor: TranscriptCursor;
  #positionMs = 0;
  #place: Place | undefined;
  #startMs = 0;
  #pauseMs: number | undefined;

  constructor(cursor: TranscriptCursor) {
    this.#cursor = cursor;
  }

  push(samples: Int16Array): void {
    this.#positionMs += durationMs(samples, HEARING_RATE_HZ);
  }

  speechStarted(atMs: number): void {
    this.#pauseMs = undefined;
    if (this.#place) return;
    this.#place = this.#cursor.begin();
    this.#startMs = atMs;
  }

  speechPaused(atMs: number): void {
    this.#pauseMs = atMs;
  }

  heard(): readonly HeardWord[] {
    if (!this.#place) return [];
    const rest = this.#cursor.rest(this.#place);
    const expectedMs = rest.reduce((sum, { ms }) => sum + ms, 0);
    const spokenMs = (this.#pauseMs ?? this.#positionMs) - this.#startMs;
    const isOver = this.#pauseMs !== undefined && spokenMs >= expectedMs * LINE_SHARE;
    // A line that is over has been said as fast as its audio is long.
    const scale = isOver && expectedMs > 0 ? spokenMs / expectedMs : 1;
    const words: HeardWord[] = [];
    let atMs = this.#startMs;
    for (const { text, ms } of rest) {
      const endMs = atMs + ms * scale;
      if (!isOver && endMs > this.#startMs + spokenMs) break;
      words.push({ text, startMs: atMs, endMs });
      atMs = endMs;
    }
    return words;
  }

  endSegment(): Promise<readonly HeardWord[]> {
    const words = this.heard();
    if (this.#place && words.length > 0) this.#cursor.take(this.#place, words.length);
    this.#place = undefined;
    this.#pauseMs = undefined;
    return Promise.resolve(words);
  }

  close(): void {}
}

/**
 * Recognizes a caller whose lines are known in advance. The n-th stretch of speech is the n-th line; the audio's level
 * tells when. A pause before half of a line's expected time has passed belongs to the line. The lines are of one call at a
 * time.
 * @param options.repeats after the last line the first one follows. Default false: then nothing more is recognized
 * @param options.clock tells which streams hear the same speech. Default: the system clock
 */
export function transcriptRecognizer(
  lines: readonly TranscriptLine[],
  options: { repeats?: boolean; clock?: Clock } = {},
): Recognizer {
  const { repeats = false, clock = systemClock } = options;
  const cursor = new TranscriptCursor(lines, { repeats: repeats && lines.length > 0, clock });
  return { openStream: () => new TranscriptStream(cursor) };
}
