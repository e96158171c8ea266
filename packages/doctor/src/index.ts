export { type Diagnosis, diagnose, rank, weightOf } from './diagnose.js';
export type { Evidence, EvidenceTurn, LogInputSummary, ReplyShape, RunEvent, TurnParts } from './evidence.js';
export { evidenceOf } from './evidence-collector.js';
export {
  type Finding,
  type FindingPart,
  LEVELS,
  type Level,
  type RankedFinding,
  type Remedy,
  type Saving,
} from './finding.js';
export { type ExamineOptions, examine, examineText } from './read/examine.js';
export { PUBLISHED_TTFT } from './references.js';
export { diagnosisMarkdown } from './render/doctor-markdown.js';
export { type DoctorRenderOptions, renderDiagnosis } from './render/doctor-text.js';
export { confidenceText, inputSummaryText, refText, rivalsText, savingText } from './render/doctor-words.js';
export { findingsHtml } from './render/findings-html.js';
export { renderWhatIf } from './render/what-if-text.js';
export type { Rule } from './rule.js';
export { RULES } from './rules/index.js';
export type { Change, ReplayTurn } from './what-if/change.js';
export { WHAT_IF_CHANGES } from './what-if/changes/index.js';
export { readWhatIfInput, type WhatIfInput } from './what-if/read.js';
export type { PercentileShift } from './what-if/replay.js';
export type { ProviderTtft } from './what-if/ttft.js';
export { parseSetting, type WhatIf, type WhatIfOptions, whatIf } from './what-if/what-if.js';
