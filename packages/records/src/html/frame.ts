import { html, type Markup } from './markup.js';
import { px, type Scale } from './scale.js';

/** Plots are drawn this wide and scaled to the page: their letters stay readable on a telephone. */
export const WIDTH = 460;

/** Whole milliseconds, with a minus sign that is one. */
export const ms = (value: number) => String(Math.round(value)).replace('-', '−');

/** How an arm is drawn: the first in grey, the others in colours; dashes tell them apart on black-and-white paper. */
export function armClass(index: number): string {
  return `arm a${index === 0 ? 0 : ((index - 1) % 6) + 1}`;
}

/** A letter of a label is this wide, at most. */
const LETTER = 8;

/** The last label carries the unit and ends where its tick is: the one before it gives way where there is no space between them. */
const meets = (x: Scale, i: number, last: string) =>
  i === x.ticks.length - 2 &&
  x(x.ticks[i]!) + (LETTER * ms(x.ticks[i]!).length) / 2 + LETTER > x(x.ticks[i + 1]!) - LETTER * last.length;

/** Vertical lines at the ticks, with their values below. */
export function xAxis(x: Scale, options: { top: number; bottom: number; unit: string }): Markup {
  const { top, bottom, unit } = options;
  const last = `${ms(x.ticks.at(-1)!)} ${unit}`;
  const lines = x.ticks.map((tick, i) => {
    const isLast = i === x.ticks.length - 1;
    const text = isLast ? last : meets(x, i, last) ? '' : ms(tick);
    return html`<line class="grid" x1="${px(x(tick))}" x2="${px(x(tick))}" y1="${top}" y2="${bottom}"/><text
      x="${px(x(tick))}" y="${bottom + 16}" text-anchor="${isLast ? 'end' : 'middle'}">${text}</text>`;
  });
  return html`<g class="axis">${lines}</g>`;
}

/** A picture with its caption. `alt` says in words what it shows. */
export function figure(options: {
  title: string;
  note: string;
  alt: string;
  height: number;
  body: Markup;
  legend?: Markup;
}): Markup {
  const { title, note, alt, height, body, legend } = options;
  return html`<figure>
<figcaption><h3>${title}</h3><p>${note}</p></figcaption>
${legend}<svg viewBox="0 0 ${WIDTH} ${px(height)}" role="img" aria-label="${alt}">${body}</svg>
</figure>`;
}

/** Which line is whose. */
export function legendOf(names: readonly { name: string; index: number }[]): Markup {
  const items = names.map(
    ({ name, index }) =>
      html`<li><svg class="key" viewBox="0 0 26 10" aria-hidden="true"><line class="${armClass(index)}" x1="1" x2="25" y1="5" y2="5"/></svg>${name}</li>`,
  );
  return html`<ul class="legend">${items}</ul>`;
}
