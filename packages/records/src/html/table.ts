import { html, type Markup } from './markup.js';

/** One cell of a table: markup, or text that is escaped. */
export type Cell = Markup | string;

/** A table that scrolls sideways by itself where the page is too narrow. The first column names the row. */
export function table(heads: readonly string[], rows: readonly (readonly Cell[])[]): Markup {
  const head = heads.map((text) => html`<th scope="col">${text}</th>`);
  const body = rows.map(
    ([name, ...cells]) =>
      html`<tr><th scope="row">${name}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>\n`,
  );
  return html`<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}
