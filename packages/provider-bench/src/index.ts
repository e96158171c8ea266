export type { BenchArmReport, Contamination } from './analyse/arm-report.js';
export { type ArmChange, compareRuns, type RunComparison } from './analyse/compare-runs.js';
export type { ArmDifference } from './analyse/difference.js';
export type { Drift, DriftSlice } from './analyse/drift.js';
export {
  DEFAULT_STAGES,
  type FeltGapFigures,
  type OtherStages,
  otherStages,
  type RestOfTurn,
} from './analyse/felt-gap.js';
export {
  type HedgeResult,
  type RequestOutcome,
  simulateHedge,
  type WaitPercentiles,
} from './analyse/hedge.js';
export type { PhaseFigures } from './analyse/phases.js';
export { PERCENTS, type Percent, percentilesOf } from './analyse/quantile.js';
export { type RankedArm, type RankedTimes, type Ranking, rankingAt } from './analyse/ranking.js';
export { type Failures, type Stragglers, stragglersOf } from './analyse/rates.js';
export { type BenchReport, benchReport } from './analyse/report.js';
export type { RealtimeFigures, SpeechFigures, SttFigures, TtsFigures } from './analyse/speech-figures.js';
export { parseTrend, type TrendPoint, trendPoint } from './analyse/trend.js';
export type { ArmCost, UsageFigures } from './analyse/usage.js';
export type { VariantChange } from './analyse/variants.js';
export type { HedgeWhatIf, HedgeWhatIfRow } from './analyse/what-if.js';
export { parseRunBudget, type ResourceUse } from './budget/budget.js';
export {
  type EmulatorProcess,
  type EmulatorProcessOptions,
  startEmulatorProcess,
} from './emulator/emulator-process.js';
export {
  type SpeechEmulatorProcess,
  type SpeechEmulatorProcessOptions,
  startSpeechEmulatorProcess,
} from './emulator/speech-emulator-process.js';
export type { MachineMonitor } from './machine/monitor.js';
export { DEFAULT_PLAN } from './plan/default-plan.js';
export type { RunEstimate } from './plan/estimate.js';
export type { PlannedRequest } from './plan/schedule.js';
export type { Exchange, Language } from './prompts/language.js';
export { LANGUAGES } from './prompts/languages/index.js';
export type { Script } from './prompts/prompts.js';
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
export type { OpenSpeechProbe } from './run/speech-client.js';
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
export { parseTargets } from './targets/parse-targets.js';
export { DEFAULT_REALTIME_MODEL, REALTIME_KEY_VARIABLES, realtimeWireOf } from './targets/realtime-target.js';
export { checkSpeechKeys, isSpeechTarget, parseSpeechTarget } from './targets/speech-target.js';
export { type BenchTarget, parseTarget } from './targets/target.js';
