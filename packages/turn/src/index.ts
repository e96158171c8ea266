export { spokenLength } from './clause/boundary.js';
export { type Clause, ClauseCutter, type ClauseOptions } from './clause/cutter.js';
export { toSpeech } from './clause/speakable.js';
export { type Clock, fromWall, ManualClock, systemClock } from './clock.js';
export { type Ending, endingOf } from './endpointing/ending.js';
export {
  DEFAULT_PACE,
  type Pace,
  type PaceEvent,
  type PaceOptions,
  paceAfter,
  pacedWaitMs,
} from './endpointing/pace.js';
export {
  DEFAULT_ENDPOINTING,
  type EndpointingOptions,
  endpointWaitMs,
  type PauseEvidence,
} from './endpointing/wait.js';
export { type ErrorCode, FirstwordError, isFirstwordError } from './errors.js';
export { EDGES, type Edge, SEGMENT_NAMES, type SegmentName } from './ledger/edges.js';
export {
  type Ledger,
  ledger,
  type Segment,
  type Step,
  stepsInto,
  type UnaccountedName,
} from './ledger/ledger.js';
export { type LedgerContext, type Owner, type OwnerKind, ownerText } from './ledger/owner.js';
export { MARKS, type MarkName, type Marks, seenMarks, toMarkGrid } from './marks.js';
export { redact, redactAll } from './privacy/redact.js';
export {
  ledgerOf,
  parseTurnRecord,
  TURN_SCHEMA,
  type TurnObservation,
  type TurnRecord,
  toTurnRecord,
  turnRecordJsonSchema,
} from './record/record.js';
export { Cadence } from './speculation/cadence.js';
export { ConfidenceGauge } from './speculation/confidence.js';
export { type Finalise, shouldFinalise } from './speculation/finalise.js';
export { isJustBegun, isOpener } from './speculation/just-begun.js';
export { DEFAULT_SPECULATION, type SpeculationOptions } from './speculation/options.js';
export { type Refusal, type SpeculationCounters, Speculator } from './speculation/speculator.js';
export { type Hypothesis, type SpeculationReason, shouldStart, type Trigger } from './speculation/trigger.js';
export type {
  SpeechToText,
  TextToSpeech,
  Transcript,
  TranscriptHandlers,
  TranscriptStream,
} from './speech/ports.js';
export { type Continuation, continuation } from './words/continuation.js';
export { sameWords, type WordsOptions, wordsOf } from './words/same-words.js';
