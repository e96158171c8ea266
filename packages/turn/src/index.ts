export { type Clock, ManualClock, systemClock } from './clock.js';
export { type ErrorCode, FirstwordError, isFirstwordError } from './errors.js';
export { type Ledger, ledger, type Segment } from './ledger/ledger.js';
export { type LedgerContext, type Owner, type OwnerKind, ownerText } from './ledger/owner.js';
export { MARKS, type MarkName, type Marks, toMarkGrid } from './marks.js';
export {
  ledgerOf,
  parseTurnRecord,
  TURN_SCHEMA,
  type TurnObservation,
  type TurnRecord,
  toTurnRecord,
  turnRecordJsonSchema,
} from './record/record.js';
export type {
  SpeechToText,
  TextToSpeech,
  Transcript,
  TranscriptHandlers,
  TranscriptStream,
} from './speech/ports.js';
