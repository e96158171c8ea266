export { plainLines, plainText } from './plain-text.js';
export { roundMs, roundPercent } from './round.js';
