import { wholeMs } from '../../render/words.js';
import { html, type Markup } from '../markup.js';
import { xAxis, yAxis } from './axis.js';
import { armClass, FIGURE_WIDTH, figure } from './figure.js';
import { lineLegend } from './legend.js';
import { px, scaleOf } from './scale.js';

const HEIGHT = 238;
const LEFT = 44;
const RIGHT = FIGURE_WIDTH - 12;
const TOP = 8;
const BOTTOM = 212;
const SHARES = [0, 0.25, 0.5, 0.75, 0.95];

/** One point of an empirical cumulative distribution: the fraction `share` (0 to 1) of the values is at most `valueMs`. */
export interface EcdfPoint {
  valueMs: number;
  share: number;
}

/** One curve of an ECDF plot. */
export interface EcdfSeries {
  /** Named in the legend; left out where there is one curve only. */
  name?: string;
  /** Position among the arms, from 0: chooses colour and dashes. */
  index: number;
  /** In ascending order. A series without points is not drawn. */
  points: readonly EcdfPoint[];
}

/** The empirical cumulative distribution of values in ms, in any order. */
export function ecdfOf(valuesMs: readonly number[]): EcdfPoint[] {
  const sorted = [...valuesMs].sort((a, b) => a - b);
  return sorted.map((valueMs, at) => ({ valueMs, share: (at + 1) / sorted.length }));
}

/** Cumulative distributions as step curves: the share of the values that is at most a given number of ms. */
export function ecdfPlot(
  series: readonly EcdfSeries[],
  options: {
    title?: string;
    note: string;
    /** What the values are, as a noun phrase: `the felt gap`. */
    measure: string;
    /** Points above this share are not drawn: a few extreme values would compress all others. 1 by default. */
    maxShare?: number;
  },
): Markup {
  const { title = 'Answers within a given time', note, measure, maxShare = 1 } = options;
  const drawn = series
    .filter(({ points }) => points.length > 0)
    .map((one) => ({ ...one, shown: one.points.filter(({ share }) => share <= maxShare) }));
  const values = drawn.flatMap(({ shown }) => shown.map(({ valueMs }) => valueMs));
  const x = scaleOf([0, ...values], { from: LEFT, to: RIGHT, ticks: 6 });
  const y = (share: number) => BOTTOM - share * (BOTTOM - TOP);
  const curves = drawn.map(({ index, shown }) => {
    const steps = shown.map(({ valueMs, share }) => `H${px(x(valueMs))}V${px(y(share))}`);
    return html`<path class="${armClass(index)}" d="M${px(x(shown[0]?.valueMs ?? 0))} ${px(y(0))}${steps.join('')}"/>`;
  });
  const named = drawn.flatMap(({ name, index }) => (name === undefined ? [] : [{ name, index }]));
  const slowest = drawn.map(
    ({ name = 'all', points }) => `${name} within ${wholeMs(points.at(-1)!.valueMs)} ms`,
  );
  const percent = (share: number) => `${share * 100} %`;
  return figure({
    title,
    note,
    alt: `Cumulative distribution of ${measure}: ${slowest.join(', ')}.`,
    height: HEIGHT,
    body: html`${xAxis(x, { top: TOP, bottom: BOTTOM, unit: 'ms' })}${yAxis(y, { ticks: SHARES, left: LEFT, right: RIGHT, text: percent })}${curves}`,
    legend: named.length > 0 ? lineLegend(named) : undefined,
  });
}
