export { ARMS_STYLE } from './arms-style.js';
export { type ArmGaps, type EcdfWords, ecdfPlot } from './ecdf.js';
export { armClass, figure, ms, WIDTH, xAxis } from './frame.js';
export { html, type Markup } from './markup.js';
export { px, type Scale, scaleOf } from './scale.js';
export { type Cell, table } from './table.js';
