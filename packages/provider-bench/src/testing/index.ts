export { type Behaviour, trueCdf, trueQuantileMs } from './distribution.js';
export { simulatedRun } from './simulated-run.js';
