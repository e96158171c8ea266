export { type Diagnosis, diagnose, rank, weightOf } from './doctor/diagnose.js';
export type { Evidence, InputAccount, Parts, ReplyShape, RunEvent, Turn } from './doctor/evidence.js';
export {
  type Finding,
  LEVELS,
  type Level,
  type Part,
  type RankedFinding,
  type Saving,
} from './doctor/finding.js';
export { evidenceOf } from './doctor/gather.js';
export { type ExamineOptions, examine, examineText } from './doctor/read/examine.js';
export { PUBLISHED_TTFT } from './doctor/references.js';
export type { Rule } from './doctor/rule.js';
export { RULES } from './doctor/rules/index.js';
export { type AnalyseOptions, type Analysis, analyse } from './engine/analyse.js';
export { diagnosisMarkdown } from './render/doctor-markdown.js';
export { type DoctorRenderOptions, renderDiagnosis } from './render/doctor-text.js';
export { accountText, rivalsText, savingText, sureText } from './render/doctor-words.js';
export { html, type Markup } from './render/html/markup.js';
export { reportComparisonHtml, reportHtml } from './render/html/report-page.js';
export { px, type Scale, scaleOf } from './render/html/scale.js';
export { type RenderOptions, renderLedger } from './render/ledger.js';
export { reportComparisonMarkdown, reportMarkdown } from './render/markdown.js';
export { type Paint, paint } from './render/paint.js';
export { renderReport } from './render/report-text.js';
export { renderSummary } from './render/summary.js';
export { budgetText, differenceText, renderReportComparison, verdictText } from './render/verdict.js';
export { renderWhatIf } from './render/what-if-text.js';
export { countText, plainText, plural, unread, wholeMs } from './render/words.js';
export { type Budget, type BudgetResult, checkBudget, parseBudget } from './report/budget.js';
export { compareReports, type Difference, type ReportComparison } from './report/compare-reports.js';
export {
  type Distribution,
  type DistributionOptions,
  distribution,
  type Estimate,
} from './report/distribution.js';
export { percentile } from './report/percentile.js';
export type { Percentiles } from './report/percentiles.js';
export { resampledRanks } from './report/resampling.js';
export { type Share, type Summary, summarise } from './report/summary.js';
export type { Measure, TurnReport, WorstTurn } from './report/turn-report.js';
export { type BadLine, type ReadTurnsOptions, readTurns } from './store/read.js';
export { type RetentionOptions, removeOldCalls } from './store/retention.js';
export { openTurnStore, type TurnStore, type TurnStoreOptions } from './store/store.js';
export type { Lever, ReplayTurn } from './what-if/lever.js';
export { WHAT_IF_LEVERS } from './what-if/levers/index.js';
export { type ReadForWhatIf, readForWhatIf } from './what-if/read.js';
export type { Shift } from './what-if/replay.js';
export type { TtftFigures } from './what-if/ttft.js';
export { parseSetting, type WhatIf, type WhatIfOptions, whatIf } from './what-if/what-if.js';
export { OtlpImport } from './import/otlp.js';
