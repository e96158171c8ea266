/** A recognized word. Times are ms of audio since the stream's first sample. */
export interface HeardWord {
  /** The word with its punctuation, as in the transcript. */
  text: string;
  startMs: number;
  endMs: number;
}

/**
 * What the emulated STT services hear of one caller. The emulator finds speech and pauses by the audio's level and
 * reports both here; the recognizer says which words were spoken. A segment is the speech between two calls of
 * `endSegment`; it may contain short pauses.
 */
export interface RecognizerStream {
  /** Adds audio: mono 16-bit PCM at 16 kHz, in order of arrival, silence included. */
  push(samples: Int16Array): void;
  /** Speech began, or went on after a pause. */
  speechStarted(atMs: number): void;
  /** Nothing has been said since this moment. Called at most once per pause. */
  speechPaused(atMs: number): void;
  /** The words of the segment so far. Later calls may revise earlier words. */
  heard(): readonly HeardWord[];
  /** Ends the segment. Resolves to all its words; empty if none was recognized. */
  endSegment(): Promise<readonly HeardWord[]>;
  /** Frees the stream. Can be called more than once. */
  close(): void;
}

/** Recognizes callers' words for the emulated STT services. */
export interface Recognizer {
  /** Opens a stream; one per connection of a client. */
  openStream(): RecognizerStream;
}
