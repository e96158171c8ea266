import { ARMS_STYLE, html, type Markup, table } from '@firstword/records/html';
import { hasFigures, type Table } from '../tables.js';

const OWN_STYLE = `
.failed{stroke:var(--a6);stroke-width:1.6;fill:none}
.verdict{font-size:1.1rem;font-weight:600}
.band{opacity:.16;stroke:none;fill:var(--c)}
tbody td,tbody th{font-variant-numeric:tabular-nums}
h2+.wide{margin-top:12px}
.plots>figure:only-child{max-width:560px}
@page{margin:14mm}
ul.notes{padding-left:1.2em}
@media(max-width:520px){.wide th:first-child{position:sticky;left:0;background:var(--paper)}h1,h2,.hero b,.verdict{overflow-wrap:anywhere}}
`;

/** A table with its heading. */
export const section = (found: Table | undefined): Markup | undefined =>
  hasFigures(found) ? html`<h2>${found.title}</h2>${table(found.heads, found.rows)}` : undefined;

/** A page that holds everything it shows: nothing is loaded, no script runs. */
export function pageOf(title: string, body: Markup): string {
  const head = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title><style>`;
  const rest = html`</style></head><body>${body}<footer><p>Made by firstword bench.</p></footer></body></html>
`;
  return `${head.text}${ARMS_STYLE}${OWN_STYLE}${rest.text}`;
}
