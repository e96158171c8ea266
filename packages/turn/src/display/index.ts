export { isFailed } from '../record/outcome.js';
export { roundMs, roundPercent } from './round.js';
