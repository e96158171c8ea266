import { plainText } from '@firstword/records';
import { ecdfOf, ecdfPlot, html, type Markup } from '@firstword/records/html';
import type { ArmChange, RunComparison } from '../../analyse/compare-runs.js';
import { timesOf } from '../../analyse/times.js';
import type { RunFile } from '../../run-file.js';
import { armText, comparisonNotes, comparisonTable, comparisonVerdict } from '../comparison.js';
import { benchBody } from './bench-page.js';
import { benchDocument, section } from './document.js';

/** More plots than these nobody reads: the list and the table have all. */
const MOST_PLOTS = 12;

/** Both runs of one arm: then in grey, now in colour. */
function curves({ armId }: ArmChange, runs: { old: RunFile; now: RunFile }): Markup {
  const pair = [
    { name: 'then', index: 0, points: ecdfOf(timesOf(runs.old, armId)) },
    { name: 'now', index: 1, points: ecdfOf(timesOf(runs.now, armId)) },
  ];
  return ecdfPlot(pair, {
    title: plainText(armId),
    note: 'Share of the answers whose first content arrived within so many ms of the scheduled request time.',
    measure: `the time to first content of ${plainText(armId)}`,
  });
}

/** Two runs, and the newer one in full, as a page that needs nothing else. */
export function runComparisonPage(found: RunComparison, runs: { old: RunFile; now: RunFile }): string {
  const title = 'Time to first content, then and now';
  const drawn = found.arms.filter(({ old, now }) => old.response && now.response).slice(0, MOST_PLOTS);
  const body = html`<h1>${title}</h1><p class="verdict">${comparisonVerdict(found)}</p>
<ul>${found.arms.map((change) => html`<li>${armText(change)}</li>`)}</ul>
<div class="plots">${drawn.map((change) => curves(change, runs))}</div>${section(comparisonTable(found))}
<ul class="soft notes">${comparisonNotes(found).map((note) => html`<li>${note}</li>`)}</ul>
<h2>Now</h2>${benchBody(runs.now, found.now)}`;
  return benchDocument(title, body);
}
