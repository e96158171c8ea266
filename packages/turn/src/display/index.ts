export { isFailed } from '../record/outcome.js';
export { shownGainMs } from './gain.js';
export { plainLines, plainText } from './plain-text.js';
export { roundMs, roundPercent } from './round.js';
