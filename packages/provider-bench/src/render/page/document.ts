import { html, type Markup, page, table } from '@firstword/records/html';
import { hasFigures, type Table } from '../tables.js';

/** CSS of the pages of `firstword bench` alone. */
const BENCH_STYLE = `
.failed{stroke:var(--worse);stroke-width:1.6;fill:none}
.verdict{font-size:1.1rem;font-weight:600}
h2+.wide{margin-top:12px}
ul.notes{padding-left:1.2em}
`;

/** A table with its heading; `undefined` where it has nothing to show. */
export const section = (found: Table | undefined): Markup | undefined =>
  hasFigures(found) ? html`<h2>${found.title}</h2>${table(found.heads, found.rows)}` : undefined;

/** A page of `firstword bench`. */
export const benchDocument = (title: string, body: Markup): string =>
  page({ title, body, madeBy: 'firstword bench', style: BENCH_STYLE });
