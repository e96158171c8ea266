export { plainText } from '@firstword/turn/display';
export { openTurnStore, type TurnStore, type TurnStoreOptions } from '@firstword/turn/store';
export { reportComparisonHtml, reportHtml } from './html/report-page.js';
export { alignColumns } from './render/align-columns.js';
export { type RenderOptions, renderLedger } from './render/ledger.js';
export {
  markdownCell,
  markdownSentence,
  reportComparisonMarkdown,
  reportMarkdown,
} from './render/markdown.js';
export { type Paint, paint } from './render/paint.js';
export { renderReport } from './render/report-text.js';
export { renderSummary } from './render/summary.js';
export { type Axis, textBar, toWidth } from './render/text-bar.js';
export {
  budgetLines,
  differenceText,
  renderReportComparison,
  verdictText,
} from './render/verdict.js';
export {
  countText,
  failuresText,
  intervalText,
  measureNote,
  measureText,
  plural,
  unreadNotes,
  wholeMs,
} from './render/words.js';
export { type AnalyseOptions, type Analysis, analyse } from './report/analyse.js';
export {
  type Budget,
  type BudgetResult,
  checkBudget,
  type PercentileLimit,
  type PercentileResult,
  parseBudget,
} from './report/budget.js';
export {
  compareReports,
  type PercentileDifference,
  type ReportComparison,
  type SegmentChange,
} from './report/compare-reports.js';
export {
  type Distribution,
  distribution,
  type Estimate,
} from './report/distribution.js';
export { failureReason } from './report/failures.js';
export type { Percentiles } from './report/percentiles.js';
export { type Share, type Summary, summarise } from './report/summary.js';
export type {
  Dimension,
  FailureSummary,
  InputSummary,
  Measure,
  OwnerShare,
  ReportGroup,
  SegmentGain,
  SegmentShare,
  SilenceFigures,
  SilenceName,
  SilencePart,
  TrendStep,
  TurnReport,
  UnreadLine,
  WorstTurn,
} from './report/turn-report.js';
export { type BadLine, type ReadTurnsOptions, readTurns } from './store/read.js';
export { type RetentionOptions, removeOldCalls } from './store/retention.js';
