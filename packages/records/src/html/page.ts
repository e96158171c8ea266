import { html, type Markup } from './markup.js';
import { BASE_STYLE } from './style.js';

/**
 * A self-contained HTML page: it loads nothing, runs no script and has no external links.
 */
export function page(options: {
  title: string;
  body: Markup;
  /** The command that wrote the page, named in the footer: `firstword report`. */
  madeBy: string;
  /** How to read the figures, as a paragraph of the footer. */
  about?: string | undefined;
  /** CSS of this page alone, added to the base stylesheet. */
  style?: string | undefined;
}): string {
  const { title, body, madeBy, about, style = '' } = options;
  const head = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; media-src data:">
<title>${title}</title><style>`;
  const rest = html`</style></head><body>
${body}
<footer>${about !== undefined && html`<p>${about}</p>`}<p>Made by ${madeBy}.</p></footer></body></html>
`;
  return `${head.text}${BASE_STYLE}${style}${rest.text}`;
}
