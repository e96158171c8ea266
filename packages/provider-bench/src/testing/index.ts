export { type Behaviour, trueCdf, trueQuantileMs } from './distribution.js';
export { type SimulatedArm, type SimulatedPlan, simulatedRun } from './simulated-run.js';
