export { fleet, linesOf } from './fleet.js';
export * from './formats/index.js';
export { CASCADE_MARKS, turnRecord } from './turn.js';
