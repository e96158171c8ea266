export { type Diagnosis, diagnose, rank, weightOf } from './diagnose.js';
export type { Evidence, InputAccount, Parts, ReplyShape, RunEvent, Turn } from './evidence.js';
export {
  type Finding,
  LEVELS,
  type Level,
  type Part,
  type RankedFinding,
  type Remedy,
  type Saving,
} from './finding.js';
export { evidenceOf } from './gather.js';
export { type ExamineOptions, examine, examineText } from './read/examine.js';
export { PUBLISHED_TTFT } from './references.js';
export { diagnosisMarkdown } from './render/doctor-markdown.js';
export { type DoctorRenderOptions, renderDiagnosis } from './render/doctor-text.js';
export { accountText, refText, rivalsText, savingText, sureText } from './render/doctor-words.js';
export { findingsHtml } from './render/findings-html.js';
export { renderWhatIf } from './render/what-if-text.js';
export type { Rule } from './rule.js';
export { RULES } from './rules/index.js';
export type { Lever, ReplayTurn } from './what-if/lever.js';
export { WHAT_IF_LEVERS } from './what-if/levers/index.js';
export { type ReadForWhatIf, readForWhatIf } from './what-if/read.js';
export type { Shift } from './what-if/replay.js';
export type { TtftFigures } from './what-if/ttft.js';
export { parseSetting, type WhatIf, type WhatIfOptions, whatIf } from './what-if/what-if.js';
