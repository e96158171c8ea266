export { compareRuns, type RunComparison } from './analyse/compare-runs.js';
export { DEFAULT_STAGES, type OtherStages, otherStages } from './analyse/felt.js';
export { type Hedged, hedged, type Outcome } from './analyse/hedge.js';
export { PERCENTS, type Percent, percentilesOf } from './analyse/quantile.js';
export { type RankedTimes, rankingAt } from './analyse/ranking.js';
export { stragglersOf } from './analyse/rates.js';
export { type BenchReport, benchReport } from './analyse/report.js';
export { parseTrend, type TrendPoint, trendPoint } from './analyse/trend.js';
export { parseRunBudget } from './budget/budget.js';
export { type EmulatorApart, startEmulatorApart } from './emulator/apart.js';
export { DEFAULT_PLAN } from './plan/default-plan.js';
export type { PlanEstimate } from './plan/estimate.js';
export { LANGUAGES } from './prompts/languages/index.js';
export { renderRunComparison, runComparisonMarkdown } from './render/comparison.js';
export { benchCsv } from './render/csv.js';
export { benchMarkdown } from './render/markdown.js';
export { benchPage } from './render/page/bench-page.js';
export { runComparisonPage } from './render/page/comparison-page.js';
export { trendPage } from './render/page/trend-page.js';
export { renderBench } from './render/text.js';
export { type CarryOutOptions, carryOut, openRequests, type Unfinished } from './run/carry-out.js';
export { pause } from './run/pause.js';
export { estimateRun, type Prepared, prepareRun } from './run/prepare.js';
export type { GivenUp } from './run/run.js';
export {
  type Budget,
  type Plan,
  parseRunFile,
  RUN_SCHEMA,
  type RunFile,
  type RunHeader,
} from './run-file.js';
export { type Arm, type Mode, responseMs, type Sample } from './sample.js';
export { measureRun } from './server-metrics/measure-run.js';
export { appendToHistory } from './store/history.js';
export { journalOf } from './store/journal.js';
export { readRun } from './store/run-store.js';
export { readUnfinished } from './store/unfinished.js';
export { nothingToAsk } from './targets/access.js';
export type { EmulatorAddress } from './targets/door.js';
export { EMULATED, parseTarget, type Target } from './targets/target.js';
