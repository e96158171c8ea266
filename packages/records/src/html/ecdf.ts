import { armClass, figure, legendOf, ms, WIDTH, xAxis } from './frame.js';
import { html, type Markup } from './markup.js';
import { px, scaleOf } from './scale.js';

const HEIGHT = 250;
const LEFT = 40;
const TOP = 8;
const BOTTOM = 212;

/** One arm's felt gaps, ms. `index` is its place among the arms. */
export interface ArmGaps {
  arm: string;
  index: number;
  gapsMs: readonly number[];
}

function stepsOf(sorted: readonly number[], x: (ms: number) => number, y: (share: number) => number): string {
  const steps = sorted.map((gap, i) => `H${px(x(gap))}V${px(y((i + 1) / sorted.length))}`);
  return `M${px(x(sorted[0]!))} ${px(y(0))}${steps.join('')}`;
}

/** What the curves are of; left out, felt gaps from tapes. */
export interface EcdfWords {
  /** Left out: that it shows how many had come by then. */
  title?: string;
  note: string;
  measure: string;
}

const FELT_GAPS: EcdfWords = {
  note: 'Share of the lines whose first audible sample was on the tape within so many ms of the caller’s last.',
  measure: 'the felt gap',
};

/** How many of the answers had come by then. */
export function ecdfPlot(arms: readonly ArmGaps[], words: EcdfWords = FELT_GAPS): Markup {
  const heard = arms.filter(({ gapsMs }) => gapsMs.length > 0);
  const x = scaleOf([0, ...heard.flatMap(({ gapsMs }) => gapsMs)], { from: LEFT, to: WIDTH - 12, ticks: 6 });
  const y = (share: number) => BOTTOM - share * (BOTTOM - TOP);
  const shares = [0, 0.25, 0.5, 0.75, 0.95].map(
    (
      share,
    ) => html`<line class="grid" x1="${LEFT}" x2="${WIDTH - 12}" y1="${px(y(share))}" y2="${px(y(share))}"/><text
      x="${LEFT - 6}" y="${px(y(share) + 4)}" text-anchor="end">${share * 100} %</text>`,
  );
  const curves = heard.map(({ index, gapsMs }) => {
    const sorted = [...gapsMs].sort((a, b) => a - b);
    return html`<path class="${armClass(index)}" d="${stepsOf(sorted, x, y)}"/>`;
  });
  const longest = heard.map(({ arm, gapsMs }) => `${arm} all within ${ms(Math.max(...gapsMs))} ms`);
  return figure({
    title: words.title ?? 'How many answers had come by then',
    note: words.note,
    alt: `Cumulative distribution of ${words.measure}: ${longest.join(', ')}.`,
    height: HEIGHT,
    body: html`${xAxis(x, { top: TOP, bottom: BOTTOM, unit: 'ms' })}<g class="axis">${shares}</g>${curves}`,
    legend: legendOf(heard.map(({ arm, index }) => ({ name: arm, index }))),
  });
}
