import type { RuleConditions } from '../../faults/fault.js';

/** What happens to a connection. Rules count the connections that clients open. */
export type ConnectionFault =
  /** The connection is reset before the WebSocket is open. */
  | { kind: 'refuse' }
  /** The WebSocket is refused with this HTTP status, 400 to 599: 401 key, 402 credit, 429 concurrency. */
  | { kind: 'http-error'; status: number }
  /** The WebSocket opens this much later, ms. */
  | { kind: 'slow-handshake'; delayMs: number }
  /** The service closes the connection after the client has sent nothing for this long, ms. */
  | { kind: 'close-idle'; afterMs: number };

/** What happens to an utterance: the speech up to one final transcript. Rules count utterances. */
export type UtteranceFault =
  /** The final comes this much later, ms. */
  | { kind: 'final-late'; delayMs: number }
  /** The interims of the utterance come after its final. */
  | { kind: 'final-first' }
  /** The final comes twice. */
  | { kind: 'final-twice' }
  /** The final has no text. */
  | { kind: 'final-empty' }
  /** The final has other words than the interims. */
  | { kind: 'final-changed' }
  /** No interim comes. */
  | { kind: 'no-interims' }
  /** Interims come, but never a final. */
  | { kind: 'no-final' }
  /** Every confidence is 1. */
  | { kind: 'confidence-one' }
  /** The connection is reset this long after the utterance began, ms. */
  | { kind: 'reset-utterance'; afterMs: number };

/**
 * What happens to a synthesis: one answer, or one sentence if the protocol has a request for each. Rules count syntheses.
 */
export type SynthesisFault =
  /** The first audio comes this much later, ms. */
  | { kind: 'audio-late'; delayMs: number }
  /** The audio stops after this much of it, ms; the connection stays open. */
  | { kind: 'audio-stalls'; afterMs: number }
  /** No message comes, not even the end of the synthesis. */
  | { kind: 'audio-never' }
  /** The end comes without any audio. */
  | { kind: 'audio-missing' }
  /** The audio is silence of the right length. */
  | { kind: 'audio-silent' }
  /** The audio has this sample rate instead of the one agreed, Hz. */
  | { kind: 'audio-rate'; rateHz: number }
  /**
   * The connection is closed after the text before the first flush, or the whole text if there is no flush, was spoken.
   */
  | { kind: 'close-per-flush' }
  /** The connection is reset after this much audio, ms. */
  | { kind: 'reset-audio'; afterMs: number }
  /** The service reports an error instead of audio. */
  | { kind: 'error-message' };

/** What happens to an end-of-turn or interruption prediction. Rules count predictions. */
export type PredictionFault =
  /** No prediction comes. */
  | { kind: 'prediction-never' }
  /** The prediction comes this much later, ms. */
  | { kind: 'prediction-late'; delayMs: number }
  /** The connection is closed instead. */
  | { kind: 'close-prediction' };

/** A fault of an emulated speech service. */
export type SpeechFault = ConnectionFault | UtteranceFault | SynthesisFault | PredictionFault;

/** When a speech fault applies. The conditions count the connections, utterances, syntheses or predictions of `service`. */
export interface SpeechFaultRule extends RuleConditions {
  fault: SpeechFault;
  /** Only at this service, such as `deepgram-stt`. Default: all. */
  service?: string;
}

/** Which faults apply to which events. The first rule that applies wins. Plain data. */
export interface SpeechFaultPlan {
  rules: readonly SpeechFaultRule[];
  /** Seed of `probability`. Default: the emulator's seed. */
  seed?: number;
}
