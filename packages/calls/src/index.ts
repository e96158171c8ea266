export type { AccountedTurn, CallAccount } from './account/account.js';
export { type AccountSummary, summariseAccounts } from './account/summary.js';
export { POLITE, ScriptedCaller, type ScriptedCallerOptions } from './caller/caller.js';
export { CALLER_RATE_HZ, type Clip, synthesizeCall } from './caller/clips.js';
export { type CallerLine, callLines, SAMPLE_CALL } from './caller/lines.js';
export { type RecordedCall, readRecordings } from './caller/recordings.js';
export type { CallerTurn, CallReport } from './caller/report.js';
export { noisyRoomRms, roomTone } from './caller/room-tone.js';
export type { CallerManners } from './caller/steps.js';
export { type Arm, armsOf, everyArm } from './compare/arms.js';
export {
  COMPARE_CALLS,
  type CompareCall,
  type CompareLine,
  callsOf,
  type LineKind,
} from './compare/calls.js';
export type { CallOutcome, LineOutcome, SpeculationFacts } from './compare/outcome.js';
export { type Excerpt, excerpts } from './compare/page/excerpts.js';
export { comparisonPage, type PageSection } from './compare/page/page.js';
export { type GapPair, pairedRatio, type RatioEstimate } from './compare/ratio.js';
export { type ArmReport, type ComparisonReport, compareReport, type Versus } from './compare/report.js';
export { type ComparisonOptions, playComparison, type SpokenCall } from './compare/run.js';
export { renderComparison, renderTargets } from './compare/table.js';
export { jointTargets, otherArm, type Target, targetsOf } from './compare/targets.js';
export { callRoom, type RoomCall, type RoomCallOptions } from './room/call-room.js';
export {
  type CallSummary,
  callSummary,
  type MeasuredCall,
  measuredCall,
  type TapeTurn,
} from './room/measured-call.js';
export { type RoomArm, type RoomReport, renderRoomReport, roomReport } from './room/room-report.js';
export { type PlayCallOptions, type PlayedAgent, type PlayedCall, playCall } from './run/play-call.js';
export type { Span } from './tape/activity.js';
export {
  type MeasuredTurn,
  type MeterOptions,
  measureTape,
  measureTapeFile,
  type TapeMeasurement,
} from './tape/meter.js';
export { type Reconciliation, reconcile } from './tape/reconcile.js';
export { openTape, type Tape, type TapeOptions } from './tape/tape.js';
