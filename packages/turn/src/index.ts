export { isBackchannel } from './barge-in/backchannel.js';
export { spokenLength } from './clause/boundary.js';
export { type Clause, ClauseCutter, type ClauseOptions } from './clause/cutter.js';
export { toSpeech } from './clause/speakable.js';
export { type Clock, ManualClock, systemClock, wallToMonotonicMs } from './clock.js';
export { BandMeter } from './endpointing/band.js';
export {
  type AudioBand,
  calibrated,
  fromLogOdds,
  logOdds,
  type ProbabilitySource,
} from './endpointing/calibration.js';
export {
  CALIBRATIONS,
  type ModelCalibration,
  type PlattFit,
} from './endpointing/calibration-data.js';
export { isCutOff, REPAIR_WITHIN_MS, type Resumption } from './endpointing/cut-off.js';
export type { EndOfTurnDetector, EndOfTurnQuestion } from './endpointing/detector.js';
export { endProbability, meanProbability, type PauseEvidence } from './endpointing/end-odds.js';
export {
  type AnswerState,
  answerState,
  type ExpectedAnswer,
  expectedAnswer,
  parseExpected,
} from './endpointing/expected-answer.js';
export type { SentenceKind } from './endpointing/sentence-kind.js';
export { type UtteranceEnding, utteranceEnding } from './endpointing/utterance-ending.js';
export {
  DEFAULT_ENDPOINTING,
  ENDPOINTING_PRESETS,
  type EndpointingOptions,
  type EndpointingPreset,
  endpointWaitMs,
} from './endpointing/wait.js';
export { type ErrorCode, FirstwordError, isFirstwordError } from './errors.js';
export { EDGES, type Edge, SEGMENT_NAMES, type SegmentName } from './ledger/edges.js';
export {
  gainWithout,
  type Ledger,
  type LedgerOptions,
  ledger,
  type Segment,
  type UnaccountedName,
} from './ledger/ledger.js';
export { type LedgerContext, type Owner, type OwnerKind, ownerText } from './ledger/owner.js';
export { type Dependency, type Schedule, scheduleOf, timesOf } from './ledger/schedule.js';
export type { LedgerStep, Waits, WaitsOf } from './ledger/steps.js';
export { isRealtimeTurn, MARKS, type MarkName, type Marks, seenMarks, toMarkGrid } from './marks.js';
export { redact, redactAll } from './privacy/redact.js';
export { withoutSecrets } from './privacy/secrets.js';
export {
  CUT_OFF_REASON,
  type EndedTurn,
  FAILED_OUTCOMES,
  failureText,
  isFailed,
  noAnswerReason,
  outcomeOf,
  TURN_OUTCOMES,
  type TurnFailure,
  type TurnOutcome,
} from './record/outcome.js';
export {
  feltGapOf,
  ledgerOf,
  parseTurnRecord,
  TURN_SCHEMA,
  type TurnObservation,
  type TurnRecord,
  toTurnRecord,
  turnRecordJsonSchema,
} from './record/record.js';
export {
  CALL_SCHEMA,
  type CallObservation,
  type CallRecord,
  callRecordJsonSchema,
  isCallRecord,
  parseCallRecord,
  toCallRecord,
} from './silences/call-record.js';
export {
  HELLO_MARKS,
  type HelloLedger,
  type HelloMarkName,
  type HelloMarks,
  helloBetween,
  helloLedger,
} from './silences/hello.js';
export {
  type HelloDependency,
  type HelloSchedule,
  helloScheduleOf,
  helloTimesOf,
} from './silences/hello-schedule.js';
export type { SilenceSegment } from './silences/path.js';
export {
  type AfterTools,
  type HeardSpeechSpan,
  type Interruption,
  type ToolSilence,
  type ToolSpan,
  type ToolTurn,
  toolSilenceOf,
} from './silences/tool-silence.js';
export { ConfidenceFilter } from './speculation/confidence-filter.js';
export {
  type Hypothesis,
  type SpeculationDecision,
  type SpeculationReason,
  shouldSpeculate,
} from './speculation/decision.js';
export { type FinaliseDecision, shouldFinalise } from './speculation/finalise.js';
export { type HeldStart, speculationHoldMs } from './speculation/hold.js';
export { InterimInterval } from './speculation/interim-interval.js';
export { DEFAULT_SPECULATION, type SpeculationOptions } from './speculation/options.js';
export { isOpeningPhrase, isSentenceFragment } from './speculation/sentence-fragment.js';
export { type SpeculationRefusal, type SpeculationStats, Speculator } from './speculation/speculator.js';
export type {
  SpeechToText,
  TextToSpeech,
  Transcript,
  TranscriptHandlers,
  TranscriptStream,
} from './speech/ports.js';
export type {
  CallerAudio,
  RealtimeMeasurement,
  SpeechKind,
  SpeechMeasurement,
  SpeechProbe,
  SpeechProbeEvent,
  SttMeasurement,
  TtsMeasurement,
} from './speech/probe.js';
export { withDefaults } from './with-defaults.js';
export { type Continuation, continuation } from './words/continuation.js';
export { baseLanguage } from './words/languages.js';
export { sameWords, type WordsOptions, wordsOf } from './words/same-words.js';
export { didYouMean, similarNames, unknownName } from './words/similar-names.js';
