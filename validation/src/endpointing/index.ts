export { recordCorpus } from './corpus.js';
export { curve } from './curve.js';
export { modelSkill } from './evaluate.js';
export type { RecordedPause, Recording } from './pause.js';
export { splitReport } from './split.js';
export { renderPolicies } from './table.js';
