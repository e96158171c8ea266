import type { SpeechToText, Transcript, TranscriptStream } from '@firstword/turn';
import { durationMs, HEARING_RATE_HZ } from '../audio/pcm.js';
import type { HeardWord, Recognizer, RecognizerStream } from './recognizer.js';

/** Spreads a text over its audio, keeping the times of the words that have not changed. */
function timed(text: string, before: readonly HeardWord[], toMs: number, startMs: number): HeardWord[] {
  const texts = text.split(/\s+/).filter((word) => word !== '');
  const kept = before.filter((word, index) => texts[index] === word.text && isPrefix(texts, before, index));
  const fromMs = kept.at(-1)?.endMs ?? startMs;
  const eachMs = Math.max(0, toMs - fromMs) / Math.max(1, texts.length - kept.length);
  const added = texts.slice(kept.length).map((word, index) => ({
    text: word,
    startMs: fromMs + index * eachMs,
    endMs: fromMs + (index + 1) * eachMs,
  }));
  return [...kept, ...added];
}

function isPrefix(texts: readonly string[], words: readonly HeardWord[], until: number): boolean {
  return words.slice(0, until).every((word, index) => texts[index] === word.text);
}

/** A segment that the engine is still decoding. */
interface EndedSegment {
  startMs: number;
  words: readonly HeardWord[];
  resolve: (words: readonly HeardWord[]) => void;
}

class EngineStream implements RecognizerStream {
  readonly #stream: TranscriptStream;
  #positionMs = 0;
  #startMs: number | undefined;
  #words: readonly HeardWord[] = [];
  /** Speech can go on before the engine has decoded the segment that just ended. */
  #ended: EndedSegment[] = [];

  constructor(engine: SpeechToText) {
    this.#stream = engine.openStream({
      onTranscript: (transcript) => this.#read(transcript),
      onError: () => this.#finishOldest(undefined),
    });
  }

  push(samples: Int16Array): void {
    this.#positionMs += durationMs(samples, HEARING_RATE_HZ);
    this.#stream.push(samples);
  }

  speechStarted(atMs: number): void {
    if (this.#startMs !== undefined) return;
    this.#startMs = atMs;
    this.#stream.beginUtterance();
  }

  speechPaused(): void {
    this.#stream.hintPause();
  }

  heard(): readonly HeardWord[] {
    return this.#words;
  }

  endSegment(): Promise<readonly HeardWord[]> {
    const startMs = this.#startMs;
    if (startMs === undefined) return Promise.resolve([]);
    return new Promise((resolve) => {
      this.#ended.push({ startMs, words: this.#words, resolve });
      this.#startMs = undefined;
      this.#words = [];
      this.#stream.endUtterance();
    });
  }

  close(): void {
    while (this.#ended.length > 0) this.#finishOldest(undefined);
    this.#stream.close();
  }

  #read({ kind, text, audioMs }: Transcript): void {
    if (kind === 'final') {
      this.#finishOldest({ text, audioMs });
    } else if (this.#startMs !== undefined) {
      // The embedded engine ends every interim with a full stop; hosted ones do not.
      const soFar = text.replace(/[.!?…]+$/, '');
      this.#words = timed(soFar, this.#words, this.#startMs + audioMs, this.#startMs);
    }
  }

  /** Without a transcript the engine has failed; the words known so far are all there is. */
  #finishOldest(final: { text: string; audioMs: number } | undefined): void {
    const segment = this.#ended.shift();
    if (!segment) return;
    const { startMs, words, resolve } = segment;
    resolve(final ? timed(final.text, words, startMs + final.audioMs, startMs) : words);
  }
}

/** Recognizes callers with an STT engine, such as the embedded one. Word times are spread evenly over the audio. */
export function engineRecognizer(engine: SpeechToText): Recognizer {
  return { openStream: () => new EngineStream(engine) };
}
