export type { AlignedTurn, CallAlignment } from './alignment/alignment.js';
export type { AlignmentSummary } from './alignment/summary.js';
export { DEFAULT_CALLER_BEHAVIOR, ScriptedCaller, type ScriptedCallerOptions } from './caller/caller.js';
export { CALLER_RATE_HZ, type Clip, type RecordedAfter, synthesizeCall } from './caller/clips.js';
export { type CallerLine, callLines, SAMPLE_CALL } from './caller/lines.js';
export { mixInto } from './caller/mix-into.js';
export { type Recording, readRecording } from './caller/recording.js';
export { type RecordedCall, type RecordedFile, readRecordings } from './caller/recordings.js';
export { renderRecordings } from './caller/recordings-table.js';
export type { CallerTurn, CallReport } from './caller/report.js';
export { noisyRoomRms, roomTone } from './caller/room-tone.js';
export type { CallerBehavior } from './caller/steps.js';
export type { ScriptWord } from './caller/word-times.js';
export { type Arm, armsOf, REALTIME_ARMS, type RealtimeArm } from './compare/arms.js';
export {
  COMPARE_CALLS,
  type CompareCall,
  type CompareLine,
  callsOf,
  type LineKind,
} from './compare/calls.js';
export type { CpuCost } from './compare/cpu.js';
export type { CpuReport } from './compare/cpu-report.js';
export type { CallOutcome, LineOutcome, SpeculationFacts } from './compare/outcome.js';
export { type Excerpt, excerpts } from './compare/page/excerpts.js';
export { comparisonPage, type PageSection } from './compare/page/page.js';
export { type GapPair, pairedRatio, type RatioEstimate } from './compare/ratio.js';
export {
  type ArmRatios,
  type ArmReport,
  type ComparisonReport,
  compareReport,
  type Fraction,
  type LineKindReport,
} from './compare/report.js';
export { type ComparisonOptions, playComparison, type SpokenCall } from './compare/run.js';
export { renderComparison, renderTargets } from './compare/table.js';
export { type ComparisonTarget, jointTargets, otherArm, targetsOf } from './compare/targets.js';
export type { LedgerPart, TurnFigures } from './compare/turn-figures.js';
export { ScriptRecognizer } from './hosted/script-recognizer.js';
export { callRoom, type RoomCall, type RoomCallOptions } from './room/call-room.js';
export {
  type CallSummary,
  callSummary,
  type MeasuredCall,
  measuredCall,
  type TapeTurn,
} from './room/measured-call.js';
export {
  type RoomArm,
  type RoomReport,
  type RoundCall,
  renderRoomReport,
  roomReport,
} from './room/room-report.js';
export {
  type PlayCallOptions,
  type PlayCallResult,
  type PlayedAgent,
  playCall,
  type SpokenAgentParts,
} from './run/play-call.js';
export {
  detectGaps,
  detectGapsInFile,
  type GapDetectorOptions,
  type MeasuredTurn,
  type TapeMeasurement,
} from './tape/gap-detector.js';
export { type Reconciliation, reconcile } from './tape/reconcile.js';
export type { Span } from './tape/span.js';
export { speechIn } from './tape/speech-activity.js';
export { openTape, type Tape, type TapeOptions } from './tape/tape.js';
