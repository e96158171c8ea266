import { wholeMs } from '../../render/words.js';
import { html, type Markup } from '../markup.js';
import { xAxis } from './axis.js';
import { FIGURE_WIDTH, figure } from './figure.js';
import { areaLegend } from './legend.js';
import { px, scaleOf } from './scale.js';

const LEFT = 12;
const RIGHT = FIGURE_WIDTH - 12;
const TOP = 6;
const ROW = 52;
const BAR = 22;

/** The stylesheet has this many colours for parts of a bar. */
export const MAX_PARTS = 8;

/** One bar of a stacked bar chart. */
export interface StackedBar {
  /** Written above the bar. */
  label: string;
  /** Lengths of the parts, ms, in the order of `names`. */
  partsMs: readonly number[];
}

/** One horizontal bar a row, made of parts that add up to its whole length. */
export function stackedBars(
  bars: readonly StackedBar[],
  options: {
    title: string;
    note: string;
    alt: string;
    /** Names of the parts, at most `MAX_PARTS`. A part that is 0 in all bars is left out of the legend. */
    names: readonly string[];
  },
): Markup {
  const { title, note, alt, names } = options;
  const totalsMs = bars.map(({ partsMs }) => partsMs.reduce((sum, partMs) => sum + partMs, 0));
  const bottom = TOP + bars.length * ROW;
  const x = scaleOf([0, ...totalsMs], { from: LEFT, to: RIGHT, ticks: 6 });
  const rows = bars.map(({ label, partsMs }, row) => {
    const y = TOP + row * ROW;
    let atMs = 0;
    const parts = partsMs.map((partMs, part) => {
      const from = x(atMs);
      atMs += partMs;
      return html`<rect class="part p${part}" x="${px(from)}" y="${y + BAR}" width="${px(x(atMs) - from)}" height="${BAR}"><title>${names[part]}: ${wholeMs(partMs)} ms</title></rect>`;
    });
    return html`<text class="name" x="${LEFT}" y="${y + 15}">${label}</text>${parts}`;
  });
  const shown = names.flatMap((name, part) =>
    bars.some(({ partsMs }) => (partsMs[part] ?? 0) > 0) ? [{ name, className: `p${part}` }] : [],
  );
  return figure({
    title,
    note,
    alt,
    height: bottom + 26,
    body: html`${xAxis(x, { top: TOP, bottom, unit: 'ms' })}${rows}`,
    legend: areaLegend(shown),
  });
}
