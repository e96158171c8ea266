import { wholeMs } from '../../render/words.js';
import { html, type Markup } from '../markup.js';
import { px, type Scale } from './scale.js';

/** Upper bound of the width of one character of a label, in SVG units. */
const CHARACTER_WIDTH = 8;

/** The last label carries the unit and ends at its tick. The label before it is left out where the two would overlap. */
const overlapsLast = (x: Scale, i: number, last: string) =>
  i === x.ticks.length - 2 &&
  x(x.ticks[i]!) + (CHARACTER_WIDTH * wholeMs(x.ticks[i]!).length) / 2 + CHARACTER_WIDTH >
    x(x.ticks[i + 1]!) - CHARACTER_WIDTH * last.length;

/** A horizontal axis: a vertical grid line at each tick, with its value below; the last value carries the unit. */
export function xAxis(x: Scale, options: { top: number; bottom: number; unit: string }): Markup {
  const { top, bottom, unit } = options;
  const last = `${wholeMs(x.ticks.at(-1)!)} ${unit}`;
  const lines = x.ticks.map((tick, i) => {
    const isLast = i === x.ticks.length - 1;
    const text = isLast ? last : overlapsLast(x, i, last) ? '' : wholeMs(tick);
    return html`<line class="grid" x1="${px(x(tick))}" x2="${px(x(tick))}" y1="${top}" y2="${bottom}"/><text
      x="${px(x(tick))}" y="${bottom + 16}" text-anchor="${isLast ? 'end' : 'middle'}">${text}</text>`;
  });
  return html`<g class="axis">${lines}</g>`;
}

/** A vertical axis: a horizontal grid line at each tick, with its text to the left. */
export function yAxis(
  y: (value: number) => number,
  options: { ticks: readonly number[]; left: number; right: number; text?: (tick: number) => string },
): Markup {
  const { ticks, left, right, text = String } = options;
  const lines = ticks.map(
    (
      tick,
    ) => html`<line class="grid" x1="${left}" x2="${right}" y1="${px(y(tick))}" y2="${px(y(tick))}"/><text
      x="${left - 6}" y="${px(y(tick) + 4)}" text-anchor="end">${text(tick)}</text>`,
  );
  return html`<g class="axis">${lines}</g>`;
}
