import { html, type Markup } from './markup.js';

/** One large figure in a box, with a label above and a note below. */
export interface KeyNumber {
  label: string;
  value: string;
  note: string | Markup;
}

/** The most important figures of a page, side by side. `undefined` where there are none. */
export function keyNumbers(numbers: readonly KeyNumber[]): Markup | undefined {
  if (numbers.length === 0) return undefined;
  const boxes = numbers.map(
    ({ label, value, note }) =>
      html`<div><span class="soft">${label}</span><b>${value}</b><span class="soft">${note}</span></div>`,
  );
  return html`<div class="key-numbers">${boxes}</div>`;
}
