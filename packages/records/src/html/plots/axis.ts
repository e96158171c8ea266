import { html, type Markup } from '../markup.js';
import { FIGURE_WIDTH } from './figure.js';
import { axisLabels, tickTexts } from './label-layout.js';
import { px, type Scale } from './scale.js';

/** Labels are drawn this far below the axis. */
const BELOW = 18;

/** A horizontal axis: a vertical grid line at each tick, with its value below; the last value carries the unit. */
export function xAxis(x: Scale, options: { top: number; bottom: number; unit: string }): Markup {
  const { top, bottom, unit } = options;
  const lines = x.ticks.map(
    (tick) => html`<line class="grid" x1="${px(x(tick))}" x2="${px(x(tick))}" y1="${top}" y2="${bottom}"/>`,
  );
  const texts = axisLabels(x.ticks, x, { unit, edges: { from: 0, to: FIGURE_WIDTH } }).map(
    (label) =>
      html`<text x="${px(label.x)}" y="${bottom + BELOW}" text-anchor="${label.anchor}">${label.text}</text>`,
  );
  return html`<g class="axis">${lines}${texts}</g>`;
}

/** A vertical axis: a horizontal grid line at each tick, with its text to the left. */
export function yAxis(
  y: (value: number) => number,
  options: { ticks: readonly number[]; left: number; right: number; text?: (tick: number) => string },
): Markup {
  const { ticks, left, right, text } = options;
  const texts = text ? ticks.map(text) : tickTexts(ticks);
  const lines = ticks.map(
    (
      tick,
      i,
    ) => html`<line class="grid" x1="${left}" x2="${right}" y1="${px(y(tick))}" y2="${px(y(tick))}"/><text
      x="${left - 6}" y="${px(y(tick) + 4)}" text-anchor="end">${texts[i]}</text>`,
  );
  return html`<g class="axis">${lines}</g>`;
}
