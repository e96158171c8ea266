export { fleet, linesOf } from './fleet.js';
export { CASCADE_MARKS, turnRecord } from './turn.js';
