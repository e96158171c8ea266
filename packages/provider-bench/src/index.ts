export { compareRuns, type RunComparison } from './analyse/compare-runs.js';
export { DEFAULT_STAGES, type OtherStages, otherStages } from './analyse/felt-gap.js';
export { type HedgeResult, type RequestOutcome, simulateHedge } from './analyse/hedge.js';
export { PERCENTS, type Percent, percentilesOf } from './analyse/quantile.js';
export { type RankedTimes, rankingAt } from './analyse/ranking.js';
export { stragglersOf } from './analyse/rates.js';
export { type BenchReport, benchReport } from './analyse/report.js';
export { parseTrend, type TrendPoint, trendPoint } from './analyse/trend.js';
export { parseRunBudget } from './budget/budget.js';
export { type EmulatorProcess, startEmulatorProcess } from './emulator/emulator-process.js';
export { DEFAULT_PLAN } from './plan/default-plan.js';
export type { RunEstimate } from './plan/estimate.js';
export { LANGUAGES } from './prompts/languages/index.js';
export { renderRunComparison, runComparisonMarkdown } from './render/comparison.js';
export { benchCsv } from './render/csv.js';
export { benchMarkdown } from './render/markdown.js';
export { benchPage } from './render/page/bench-page.js';
export { runComparisonPage } from './render/page/comparison-page.js';
export { trendPage } from './render/page/trend-page.js';
export { renderBench } from './render/text.js';
export {
  type ExecuteRunOptions,
  executeRun,
  pendingRequests,
  type UnfinishedRun,
} from './run/execute-run.js';
export { pause } from './run/pause.js';
export { estimateRun, type PreparedRun, prepareRun } from './run/prepare.js';
export type { AbandonedTarget } from './run/run-plan.js';
export {
  type BenchBudget,
  type BenchPlan,
  parseRunFile,
  RUN_SCHEMA,
  type RunFile,
  type RunHeader,
} from './run-file.js';
export { type BenchArm, type BenchSample, type Mode, responseMs } from './sample.js';
export { measureRun } from './server-metrics/measure-run.js';
export { appendToHistory } from './store/history.js';
export { journalPath } from './store/journal.js';
export { readRun } from './store/run-store.js';
export { readUnfinishedRun } from './store/unfinished.js';
export { noTargetError } from './targets/access.js';
export type { EmulatorAddress } from './targets/model-factory.js';
export { type BenchTarget, EMULATED, parseTarget } from './targets/target.js';
