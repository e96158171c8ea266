export { type FaultRow, faultRows, renderFaultRows, SLACK_MS } from './fault-table.js';
export { type FaultArm, type FaultTrial, QUESTION, runFaultTrial } from './fault-trial.js';
export { FAULT_CASES, type FaultCase } from './faults.js';
export type { Heard } from './listen.js';
export type { Pair } from './pair.js';
