/** What a speech-to-text stream heard. */
export interface Transcript {
  kind: 'interim' | 'final';
  text: string;
  /** 0 to 1; `undefined` where the engine gives none. */
  confidence?: number | undefined;
  /** How sure the engine is of the last words alone, 0 to 1; `undefined` where it does not tell. */
  endConfidence?: number | undefined;
  /** Interims: all that was said is in it, and a pause follows. */
  paused?: boolean | undefined;
  /** Speech audio this transcript covers, ms. */
  audioMs: number;
  /** Time the engine spent on it, ms. */
  decodeMs: number;
}

/** One caller's ears. The owner of the stream says where utterances begin and end (it has the VAD). */
export interface TranscriptStream {
  /** Mono 16 kHz PCM, in arrival order, silence included. */
  push(samples: Int16Array): void;
  /** Speech began; the stream keeps enough audio from before this call not to lose the first sound. */
  beginUtterance(): void;
  /** Speech seems to pause: a good moment for a decode that `endUtterance` can reuse if nothing more is said. */
  hintPause(): void;
  /** Speech ended: exactly one final transcript follows (empty text if nothing was understood). */
  endUtterance(): void;
  /** Stops work and frees what the stream holds. Idempotent. */
  close(): void;
}

export interface TranscriptHandlers {
  onTranscript(transcript: Transcript): void;
  /** The engine failed; it restarts by itself where it can, and the stream goes on. */
  onError(error: Error): void;
}

/** Speech-to-text, free of LiveKit. */
export interface SpeechToText {
  readonly provider: string;
  readonly model: string;
  /** Loads what is needed; resolves when the first utterance can be decoded. */
  ready(options?: { signal?: AbortSignal }): Promise<void>;
  openStream(handlers: TranscriptHandlers): TranscriptStream;
  close(): Promise<void>;
}

/** Text-to-speech, free of LiveKit. */
export interface TextToSpeech {
  readonly provider: string;
  readonly model: string;
  readonly voice: string;
  readonly sampleRateHz: number;
  ready(options?: { signal?: AbortSignal }): Promise<void>;
  /** Mono PCM frames of at most 20 ms, in order. Aborting stops the work at once. */
  synthesize(text: string, options?: { signal?: AbortSignal }): AsyncIterable<Int16Array>;
  close(): Promise<void>;
}
