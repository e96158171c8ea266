export { fleet } from './fleet.js';
export { CASCADE_MARKS, turnRecord } from './turn.js';
