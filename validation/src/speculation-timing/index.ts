export { type Ears, hearLines } from './hear.js';
export { renderStarts, startsReport } from './report.js';
