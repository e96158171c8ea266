import { html, type Markup } from '../markup.js';
import { armClass } from './figure.js';

/** A legend of lines: the dash and colour of each arm with its name. */
export function lineLegend(arms: readonly { name: string; index: number }[]): Markup {
  const items = arms.map(
    ({ name, index }) =>
      html`<li><svg class="key" viewBox="0 0 26 10" aria-hidden="true"><line class="${armClass(index)}" x1="1" x2="25" y1="5" y2="5"/></svg>${name}</li>`,
  );
  return html`<ul class="legend">${items}</ul>`;
}

/** A legend of areas: a square in the colour of each class with its name. */
export function areaLegend(areas: readonly { name: string; className: string }[]): Markup {
  return html`<ul class="legend">${areas.map(({ name, className }) => html`<li><i class="${className}"></i>${name}</li>`)}</ul>`;
}
