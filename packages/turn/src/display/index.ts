export { roundMs, roundPercent } from './round.js';
