import { FirstwordError } from '@firstword/turn';
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

/** The place in a transcript. All streams share it: a client that reconnects goes on where the call is. */
class TranscriptCursor {
  readonly #lines: readonly TranscriptLine[];
  readonly #repeats: boolean;
  #line = 0;
  #word = 0;

  constructor(lines: readonly TranscriptLine[], repeats: boolean) {
    this.#lines = lines;
    this.#repeats = repeats;
  }

  /** The words of the line that no segment has had yet, with their expected durations, ms. */
  rest(): { text: string; ms: number }[] {
    const line = this.#lines[this.#line];
    if (!line) return [];
    const words = line.text.split(/\s+/).filter((word) => word !== '');
    const weights = words.map((word) => word.length + 2);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const unitMs = line.ms === undefined ? LETTER_MS : line.ms / total;
    return words.map((text, index) => ({ text, ms: weights[index]! * unitMs })).slice(this.#word);
  }

  take(words: number): void {
    if (words < this.rest().length) {
      this.#word += words;
    } else {
      this.#word = 0;
      this.#line += 1;
      if (this.#repeats) this.#line %= this.#lines.length;
    }
  }
}

class TranscriptStream implements RecognizerStream {
  readonly #cursor: TranscriptCursor;
  #positionMs = 0;
  #startMs: number | undefined;
  #pauseMs: number | undefined;

  constructor(cursor: TranscriptCursor) {
    this.#cursor = cursor;
  }

  push(samples: Int16Array): void {
    this.#positionMs += durationMs(samples, HEARING_RATE_HZ);
  }

  speechStarted(atMs: number): void {
    this.#startMs ??= atMs;
    this.#pauseMs = undefined;
  }

  speechPaused(atMs: number): void {
    this.#pauseMs = atMs;
  }

  heard(): readonly HeardWord[] {
    if (this.#startMs === undefined) return [];
    const rest = this.#cursor.rest();
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
    if (words.length > 0) this.#cursor.take(words.length);
    this.#startMs = undefined;
    this.#pauseMs = undefined;
    return Promise.resolve(words);
  }

  close(): void {}
}

/**
 * Recognizes a caller whose lines are known in advance. The n-th stretch of speech is the n-th line; the audio's level
 * tells when. A pause before half of a line's expected time has passed belongs to the line. The lines are of one call at a
 * time: all streams share the place in them.
 * @param options.repeats after the last line the first one follows. Default false: then nothing more is recognized
 */
export function transcriptRecognizer(
  lines: readonly TranscriptLine[],
  options: { repeats?: boolean } = {},
): Recognizer {
  const cursor = new TranscriptCursor(lines, options.repeats ?? false);
  return { openStream: () => new TranscriptStream(cursor) };
}
