import type { FirstwordError } from '../errors.js';

/** Which kind of speech engine is measured; `realtime`: a model that hears and speaks. */
export type SpeechKind = 'stt' | 'tts' | 'realtime';

/** What every measurement of a speech engine has. Times are on the probe's clock or differences on it, ms. */
interface MeasuredSpeech {
  /**
   * STT and realtime: when the last sample of speech was sent. TTS: when the text was handed over. Every `…Ms` below counts from here.
   */
  startedMs: number;
  /** How much later than planned that was: caused by this machine. */
  lateMs: number;
  endedMs: number;
  /** Time to open the WebSocket, from the start of the stream to the server's answer; absent where none was opened. */
  connectionMs?: number;
  /**
   * What is billed: audio sent to an STT since its last measurement, silence included, ms; characters given to a TTS; the duration of
   * the session of a realtime model, ms.
   */
  billed: number;
  /** Everything that was reported, in order. */
  events: readonly SpeechProbeEvent[];
  /** Absent where it succeeded. What was observed before the failure stays. */
  error?: FirstwordError;
}

/** Something that a speech engine reported, without words. */
export interface SpeechProbeEvent {
  /** `interim`, `preflight`, `final`: transcripts. `audio`: a frame from a TTS. */
  kind: 'interim' | 'preflight' | 'final' | 'audio';
  /** Before the last word it is negative. */
  atMs: number;
}

/** One utterance at an STT engine. It holds no words. */
export interface SttMeasurement extends MeasuredSpeech {
  kind: 'stt';
  /** The final transcript of the last words. */
  finalMs?: number;
  /** A preflight transcript, which says that the turn has probably ended. Before the last word it is negative. */
  eagerMs?: number;
  /** From the first sample of speech to the first interim transcript. */
  firstInterimMs?: number;
  /** Median interval between interim transcripts. */
  interimEveryMs?: number;
  interims: number;
  /** Length of the final transcripts. */
  characters: number;
}

/** One answer of a TTS engine. */
export interface TtsMeasurement extends MeasuredSpeech {
  kind: 'tts';
  /** The first audio (TTFB). */
  firstByteMs?: number;
  /** The first audible sample, if the audio is played as it comes: leading silence is part of it. */
  firstAudibleMs?: number;
  /** Duration of the audio. */
  audioMs: number;
}

/** One line at a realtime model, in a session of its own, up to the beginning of the answer. It holds no words. */
export interface RealtimeMeasurement extends MeasuredSpeech {
  kind: 'realtime';
  /** From the request for the connection to a session that hears; the connection is part of it. */
  sessionMs?: number;
  /** The provider's report that the turn is over, and that it has begun a response. Absent where it reports neither. */
  turnEndMs?: number;
  createdMs?: number;
  /** The first audio. */
  firstByteMs?: number;
  /** The first audible sample, if the audio is played as it comes: leading silence is part of it. */
  firstAudibleMs?: number;
}

/** A measurement of any kind. */
export type SpeechMeasurement = SttMeasurement | TtsMeasurement | RealtimeMeasurement;

/** Measures one speech engine. Measurements of one probe may overlap: each then has a connection of its own; at a realtime model it always has. */
export interface SpeechProbe {
  /** Opens the connection that the next measurement uses. A failure is reported by the measurement. */
  ready(options: { signal: AbortSignal }): Promise<void>;
  /**
   * Plays the line to the engine, or has it spoken, once. A failure is part of the result.
   * @throws FirstwordError `aborted` by the signal
   */
  measure(options: { signal: AbortSignal }): Promise<SpeechMeasurement>;
  /** Closes all connections. Idempotent. */
  close(): Promise<void>;
}

/** A caller's line for STT probes: mono PCM at 16 kHz from its first to its last sample of speech, without pauses over 300 ms. */
export type CallerAudio = Int16Array;
