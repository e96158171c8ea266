export { type AnalyseOptions, type Analysis, analyse } from './engine/analyse.js';
export { findInputs, type InputFile, isZlibError, readBytes, salvage } from './engine/inputs.js';
export { reportComparisonHtml, reportHtml } from './html/report-page.js';
export { ChatHistoryImport } from './import/chat-history.js';
export { readForeign } from './import/foreign.js';
export { identityOf } from './import/identity.js';
export {
  arrayAt,
  isObject,
  type JsonObject,
  known,
  LAST_WALL_MS,
  MOST_DEEP,
  MOST_PART_MS,
  numberAt,
  objectAt,
  parseJson,
  textAt,
} from './import/json.js';
export { chatItemsOfLogs, OtlpImport } from './import/otlp.js';
export { bar, toWidth } from './render/bar.js';
export { columns } from './render/columns.js';
export { type RenderOptions, renderLedger } from './render/ledger.js';
export { cell, reportComparisonMarkdown, reportMarkdown } from './render/markdown.js';
export { type Paint, paint } from './render/paint.js';
export { renderReport } from './render/report-text.js';
export { renderSummary } from './render/summary.js';
export { budgetText, differenceText, renderReportComparison, verdictText } from './render/verdict.js';
export {
  countText,
  intervalText,
  measureNote,
  measureText,
  plainText,
  plural,
  unread,
  wholeMs,
} from './render/words.js';
export { type Budget, type BudgetResult, checkBudget, parseBudget } from './report/budget.js';
export { compareReports, type Difference, type ReportComparison } from './report/compare-reports.js';
export {
  type Distribution,
  distribution,
  type Estimate,
} from './report/distribution.js';
export type { Percentiles } from './report/percentiles.js';
export { type Share, type Summary, summarise } from './report/summary.js';
export type { Measure, ReadAccount, TurnReport, WorstTurn } from './report/turn-report.js';
export { type BadLine, type ReadTurnsOptions, readTurns } from './store/read.js';
export { type RetentionOptions, removeOldCalls } from './store/retention.js';
export { openTurnStore, type TurnStore, type TurnStoreOptions } from './store/store.js';
