/** A transcript from an STT stream. */
export interface Transcript {
  kind: 'interim' | 'final';
  text: string;
  /** Confidence in the whole text, 0 to 1; `undefined` if the engine reports none. */
  confidence?: number | undefined;
  /** Confidence in the last words alone, 0 to 1; `undefined` if the engine reports none. */
  endConfidence?: number | undefined;
  /** For interims: the text contains all speech so far, and a pause follows. */
  paused?: boolean | undefined;
  /** Duration of the speech that this transcript covers, ms. */
  audioMs: number;
  /** Time the engine spent on it, ms. */
  decodeMs: number;
}

/** STT of one caller's audio. The user of the stream has the VAD and marks where utterances begin and end. */
export interface TranscriptStream {
  /** Adds audio: mono 16-bit PCM at 16 kHz, in order of arrival, including silence. */
  push(samples: Int16Array): void;
  /** Speech began. The stream keeps enough audio from before this call to include the first sound. */
  beginUtterance(): void;
  /** Speech may have paused. The stream decodes now; `endUtterance` reuses the result if nothing more is said. */
  hintPause(): void;
  /** Speech ended. Exactly one final transcript follows, with empty text if nothing was recognized. */
  endUtterance(): void;
  /** Stops all work and frees the stream's memory. Can be called more than once. */
  close(): void;
}

/** Where an STT stream delivers its results. */
export interface TranscriptHandlers {
  /** Called for every interim and final transcript, in order. */
  onTranscript(transcript: Transcript): void;
  /** The engine failed. It restarts by itself if it can, and the stream stays usable. */
  onError(error: Error): void;
}

/** An STT engine, independent of LiveKit. */
export interface SpeechToText {
  /** Name of the provider, as in turn records. */
  readonly provider: string;
  readonly model: string;
  /** Loads the model; resolves when an utterance can be decoded. */
  ready(options?: { signal?: AbortSignal }): Promise<void>;
  /** Opens a stream for one caller. */
  openStream(handlers: TranscriptHandlers): TranscriptStream;
  /** Closes all streams and stops the engine. */
  close(): Promise<void>;
}

/** A TTS engine, independent of LiveKit. */
export interface TextToSpeech {
  /** Name of the provider, as in turn records. */
  readonly provider: string;
  readonly model: string;
  readonly voice: string;
  /** Sample rate of the frames, Hz. */
  readonly sampleRateHz: number;
  /** Loads the engine; resolves when text can be synthesized. */
  ready(options?: { signal?: AbortSignal }): Promise<void>;
  /** Yields mono 16-bit PCM frames of at most 20 ms, in order. Aborting stops it at the next frame. */
  synthesize(text: string, options?: { signal?: AbortSignal }): AsyncIterable<Int16Array>;
  /** Ends all syntheses and stops the engine. */
  close(): Promise<void>;
}
