import type { SpeechFault, SpeechFaultPlan, SpeechFaultRule } from '@firstword/emulator/speech';
import { z } from 'zod';
import { type FaultFields, faultReader } from './fault-plans.js';

const ms = z.number().min(0);
const delayed: FaultFields = { sets: 'delayMs', fields: { delayMs: ms } };
const after: FaultFields = { sets: 'afterMs', fields: { afterMs: ms } };
const plain: FaultFields = { fields: {} };

const KINDS: Record<SpeechFault['kind'], FaultFields> = {
  refuse: plain,
  'http-error': { sets: 'status', fields: { status: z.int().min(400).max(599) } },
  'slow-handshake': delayed,
  'close-idle': after,
  'final-late': delayed,
  'final-first': plain,
  'final-twice': plain,
  'final-empty': plain,
  'final-changed': plain,
  'no-interims': plain,
  'no-final': plain,
  'confidence-one': plain,
  'reset-utterance': after,
  'audio-late': delayed,
  'audio-stalls': after,
  'audio-never': plain,
  'audio-missing': plain,
  'audio-silent': plain,
  'audio-rate': { sets: 'rateHz', fields: { rateHz: z.int().min(1000) } },
  'close-per-flush': plain,
  'reset-audio': after,
  'error-message': plain,
  'prediction-never': plain,
  'prediction-late': delayed,
  'close-prediction': plain,
};

/** Reads the faults of the emulated speech services. */
export const speechFaults = faultReader<SpeechFault['kind'], SpeechFaultRule, SpeechFaultPlan>({
  option: '--speech-fault',
  kinds: KINDS,
  scope: 'service',
});
