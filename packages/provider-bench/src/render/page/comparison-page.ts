import { plainText } from '@firstword/records';
import { ecdfOf, ecdfPlot, html, type Markup } from '@firstword/records/html';
import type { ArmChange, RunComparison } from '../../analyse/compare-runs.js';
import { timesOf } from '../../analyse/times.js';
import type { RunFile } from '../../run-file.js';
import { armText, comparisonNotes, comparisonTable, comparisonVerdict } from '../comparison.js';
import { benchBody } from './bench-page.js';
import { benchDocument, section } from './document.js';

/** At most this many plots. The list and the table contain all arms. */
const MOST_PLOTS = 12;

/** The distribution of one arm in both runs: the old one in grey, the new one in colour. */
function curves({ armId }: ArmChange, runs: { old: RunFile; now: RunFile }): Markup {
  const pair = [
    { name: 'old', index: 0, points: ecdfOf(timesOf(runs.old, armId)) },
    { name: 'new', index: 1, points: ecdfOf(timesOf(runs.now, armId)) },
  ];
  return ecdfPlot(pair, {
    title: plainText(armId),
    note: 'Share of requests whose first content had arrived this many ms after the scheduled send time.',
    measure: `the time to first content of ${plainText(armId)}`,
  });
}

/** A comparison of two runs, followed by the report of the newer one, as a self-contained HTML page. */
export function runComparisonPage(found: RunComparison, runs: { old: RunFile; now: RunFile }): string {
  const title = 'Time to first content, old and new run';
  const drawn = found.arms.filter(({ old, now }) => old.response && now.response).slice(0, MOST_PLOTS);
  const body = html`<h1>${title}</h1><p class="verdict">${comparisonVerdict(found)}</p>
<ul>${found.arms.map((change) => html`<li>${armText(change)}</li>`)}</ul>
<div class="plots">${drawn.map((change) => curves(change, runs))}</div>${section(comparisonTable(found))}
<ul class="soft notes">${comparisonNotes(found).map((note) => html`<li>${note}</li>`)}</ul>
<h2>New run</h2>${benchBody(runs.now, found.now)}`;
  return benchDocument(title, body);
}
