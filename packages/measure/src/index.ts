export { type RenderOptions, renderLedger } from './render/ledger.js';
export { renderSummary } from './render/summary.js';
export {
  type Distribution,
  type DistributionOptions,
  distribution,
  type Estimate,
} from './report/distribution.js';
export { percentile } from './report/percentile.js';
export { type Share, type Summary, summarise } from './report/summary.js';
export { type BadLine, type ReadTurnsOptions, readTurns } from './store/read.js';
export { openTurnStore, type TurnStore, type TurnStoreOptions } from './store/store.js';
