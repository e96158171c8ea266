import type { Estimate } from '../../report/distribution.js';
import { html, type Markup } from '../markup.js';
import { yAxis } from './axis.js';
import { armClass, FIGURE_WIDTH, figure } from './figure.js';
import { endLabels } from './label-layout.js';
import { px, scaleOf } from './scale.js';

const HEIGHT = 230;
const LEFT = 44;
/** Room for the names of the curves. */
const RIGHT = FIGURE_WIDTH - 38;
const TOP = 8;
const BOTTOM = HEIGHT - 26;
/** Above this many points their dots would merge into a thick line. */
const MAX_DOTS = 31;

/** The p50 and p95 at one time, each with its interval where there is one. */
export interface TrendPlotPoint {
  /** Unix ms. */
  atMs: number;
  p50: Estimate;
  p95: Estimate;
}

/** An interval without an end is drawn no further than the value itself. */
const ends = ({ valueMs, lowMs = valueMs, highMs = valueMs }: Estimate) => ({ lowMs, highMs });

/** p50 (filled dots) and p95 (open dots) over time, with their intervals as bands. A single point is a dot. */
export function trendPlot(options: {
  title: string;
  note: string;
  alt: string;
  /** Position among the arms, from 0: chooses the colour. */
  index: number;
  /** In the order of time, at least one. */
  points: readonly TrendPlotPoint[];
  /** Labels below the first and the last point. */
  labels: readonly [first: string, last: string];
}): Markup {
  const { title, note, alt, index, points, labels } = options;
  const firstMs = points[0]!.atMs;
  const spanMs = Math.max(1, points.at(-1)!.atMs - firstMs);
  const x = (at: number) => LEFT + ((points[at]!.atMs - firstMs) / spanMs) * (RIGHT - LEFT);
  const values = points.flatMap(({ p50, p95 }) => [ends(p50).lowMs, ends(p95).highMs]);
  const y = scaleOf([0, ...values], { from: BOTTOM, to: TOP, ticks: 5 });
  const place = (at: number, valueMs: number) => `${px(x(at))} ${px(y(valueMs))}`;
  const arm = armClass(index);
  const end = points.at(-1)!;
  const [p95Label, p50Label] = endLabels([y(end.p95.valueMs), y(end.p50.valueMs)], {
    top: TOP + 4,
    bottom: BOTTOM,
  });
  const series = (['p50', 'p95'] as const).map((name) => {
    const low = points.map((point, at) => place(at, ends(point[name]).lowMs));
    const high = points.map((point, at) => place(at, ends(point[name]).highMs)).reverse();
    const line = points.map((point, at) => place(at, point[name].valueMs)).join('L');
    const dots =
      points.length <= MAX_DOTS &&
      points.map(
        (point, at) =>
          html`<circle class="${arm} ${name === 'p50' ? 'full' : 'open'}" cx="${px(x(at))}" cy="${px(y(point[name].valueMs))}" r="2.6"/>`,
      );
    const label =
      points.length > 1 &&
      html`<text x="${RIGHT + 8}" y="${px(name === 'p50' ? p50Label! : p95Label!)}">${name}</text>`;
    return html`<path class="${arm} band" d="M${[...low, ...high].join('L')}Z"/><path class="${arm}" d="M${line}"/>${dots}${label}`;
  });
  const times = html`<text x="${LEFT}" y="${BOTTOM + 17}">${labels[0]}</text>${
    points.length > 1 && html`<text x="${RIGHT}" y="${BOTTOM + 17}" text-anchor="end">${labels[1]}</text>`
  }`;
  return figure({
    title,
    note,
    alt,
    height: HEIGHT,
    body: html`${yAxis(y, { ticks: y.ticks, left: LEFT, right: RIGHT })}${series}${times}`,
  });
}
