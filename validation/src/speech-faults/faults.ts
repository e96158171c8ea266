import { SPEECH_FAULT_KINDS, type SpeechFault, type SpeechFaultRule } from '@firstword/emulator/speech';

/** Once, at the first event after the caller began the line. */
const once = (fault: SpeechFault): SpeechFaultRule => ({ fault, nth: [1] });

/** Between the reset and the last refusal a service is away for some seconds. */
const AWAY = 3;
const away = (fault: SpeechFault): SpeechFaultRule => ({ fault, until: AWAY });

const reset = once({ kind: 'reset-utterance', afterMs: 700 });

/** What may go wrong in a line, by name. A connection fault needs a connection that is opened, so the STT's is reset first. */
export const LINE_FAULTS: Readonly<Record<string, readonly SpeechFaultRule[]>> = {
  none: [],
  'reset, then refused': [reset, away({ kind: 'refuse' })],
  'reset, then 401': [reset, away({ kind: 'http-error', status: 401 })],
  'reset, then 402': [reset, away({ kind: 'http-error', status: 402 })],
  'reset, then 429': [reset, away({ kind: 'http-error', status: 429 })],
  'reset, then slow-handshake': [reset, away({ kind: 'slow-handshake', delayMs: 1_500 })],
  'reset-utterance': [reset],
  'close-idle': [{ fault: { kind: 'close-idle', afterMs: 1_000 } }, reset],
  'final-late': [once({ kind: 'final-late', delayMs: 2_000 })],
  'final-first': [once({ kind: 'final-first' })],
  'final-twice': [once({ kind: 'final-twice' })],
  'final-empty': [once({ kind: 'final-empty' })],
  'final-changed': [once({ kind: 'final-changed' })],
  'no-interims': [once({ kind: 'no-interims' })],
  'no-final': [once({ kind: 'no-final' })],
  'confidence-one': [once({ kind: 'confidence-one' })],
  'audio-late': [once({ kind: 'audio-late', delayMs: 2_500 })],
  'audio-stalls': [once({ kind: 'audio-stalls', afterMs: 400 })],
  'audio-never': [once({ kind: 'audio-never' })],
  'audio-missing': [once({ kind: 'audio-missing' })],
  'audio-silent': [once({ kind: 'audio-silent' })],
  'audio-rate': [once({ kind: 'audio-rate', rateHz: 16_000 })],
  'close-per-flush': [once({ kind: 'close-per-flush' })],
  'reset-audio': [once({ kind: 'reset-audio', afterMs: 300 })],
  'error-message': [once({ kind: 'error-message' })],
  'prediction-never': [{ fault: { kind: 'prediction-never' } }],
  'prediction-late': [{ fault: { kind: 'prediction-late', delayMs: 2_000 } }],
  'close-prediction': [once({ kind: 'close-prediction' })],
};

/** The kinds of fault that no line has: must be empty. */
export const UNUSED_KINDS = SPEECH_FAULT_KINDS.filter(
  (kind) => !Object.values(LINE_FAULTS).some((rules) => rules.some(({ fault }) => fault.kind === kind)),
);
