export { shownGainMs } from './gain.js';
export { roundMs, roundPercent } from './round.js';
