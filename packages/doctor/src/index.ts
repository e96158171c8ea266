export { type DiagnoseOptions, type Diagnosis, diagnose, rank } from './diagnose.js';
export type {
  Evidence,
  EvidenceHello,
  EvidenceTurn,
  LogInputSummary,
  ReplyShape,
  RunEvent,
  RunEventKind,
  SdkLanguage,
  TurnParts,
  TurnStage,
} from './evidence.js';
export { type CollectorOptions, evidenceOf } from './evidence-collector.js';
export {
  type Confidence,
  type EvidenceLine,
  type Finding,
  type FindingPart,
  LEVELS,
  type Level,
  type RankedFinding,
  type Remedy,
  type Saving,
  type TurnRef,
} from './finding.js';
export type { GapBreakdown } from './gap-breakdown.js';
export { type ExamineOptions, examine, examineText } from './read/examine.js';
export type { ReaderOptions } from './read/reader.js';
export { PUBLISHED_TTFT, type PublishedTtft } from './references.js';
export { diagnosisMarkdown } from './render/doctor-markdown.js';
export { type DoctorRenderOptions, renderDiagnosis } from './render/doctor-text.js';
export { confidenceText, inputSummaryText, refText, rivalsText, savingText } from './render/doctor-words.js';
export { findingsHtml } from './render/findings-html.js';
export { renderWhatIf } from './render/what-if-text.js';
export type { Rule } from './rule.js';
export { RULES } from './rules/index.js';
export { weightOf } from './weight.js';
export type {
  Change,
  GapChange,
  HelloChange,
  PreparedChange,
  ReplayContext,
  ReplayTurn,
  ToolChange,
} from './what-if/change.js';
export { WHAT_IF_CHANGES } from './what-if/changes/index.js';
export type { HelloPlan, ReplayCall } from './what-if/hello-plan.js';
export { type ReadWhatIfInputOptions, readWhatIfInput, type WhatIfInput } from './what-if/read.js';
export type { PercentileShift } from './what-if/replay.js';
export type { ReplayPlan } from './what-if/replay-plan.js';
export type { ReplayedSilence } from './what-if/silences.js';
export type { PlannedFiller, ToolPlan } from './what-if/tool-plan.js';
export type { ProviderTtft, TtftSource } from './what-if/ttft.js';
export { parseSetting, type WhatIf, type WhatIfOptions, whatIf } from './what-if/what-if.js';
