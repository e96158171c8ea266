import { ownerText } from '@firstword/turn';
import { differenceText, verdictText } from '../render/verdict.js';
import {
  caveats,
  countText,
  dimensionTitle,
  groupName,
  headline,
  intervalText,
  measureNote,
  measureText,
  plainText,
  toldText,
  wholeMs,
} from '../render/words.js';
import type { ReportComparison } from '../report/compare-reports.js';
import type { Estimate } from '../report/distribution.js';
import { DIMENSIONS, type Group, type SegmentShare, type TurnReport } from '../report/turn-report.js';
import { worstHtml } from './ledger-html.js';
import { html, type Markup } from './markup.js';
import { answeredPlot, trendPlot } from './plots.js';
import { STYLE } from './style.js';

const PERCENTILES = ['p50', 'p90', 'p95', 'p99'] as const;

const HOW = `Felt gap: from the last sample of the caller's speech to the first audible sample of the answer, in ms. The segments of
a turn sum to it; hidden work ran meanwhile and is not added. Small figures are 95 % bootstrap intervals; turns are taken to
be independent. A turn may be of several kinds. This page holds no words of either side and loads nothing.`;

const interval = (estimate: Estimate): Markup | false =>
  intervalText(estimate) !== '' && html` <small>${intervalText(estimate)}</small>`;

function hero(report: TurnReport): Markup | undefined {
  const { gap } = report;
  if (!gap) return html`<p class="notice">No turn has a felt gap.</p>`;
  return html`<div class="hero">${PERCENTILES.map(
    (name) => html`<div>${name}<b>${wholeMs(gap[name].valueMs)}</b>${interval(gap[name]) || 'ms'}</div>`,
  )}<div>turns with a gap<b>${countText(gap.count)}</b><small>of ${countText(report.turns)}</small></div></div>`;
}

function groupTable(title: string, groups: readonly Group[], omitted: number): Markup {
  const rows = groups.map(
    ({ gap, turns, ...group }) =>
      html`<tr><th scope="row">${groupName({ gap, turns, ...group })}</th><td>${countText(gap?.count ?? turns)}</td>${PERCENTILES.map(
        (name) => html`<td>${gap ? [wholeMs(gap[name].valueMs), interval(gap[name])] : '–'}</td>`,
      )}</tr>`,
  );
  return html`${title !== '' && html`<h3>${title}</h3>`}<div class="wide"><table><thead><tr><th></th><th>n</th>${PERCENTILES.map((name) => html`<th>${name}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>
${omitted > 0 && html`<p class="soft">and ${countText(omitted)} more</p>`}`;
}

function groups(report: TurnReport): Markup[] {
  const telling = DIMENSIONS.filter((dimension) => report.groups[dimension].length > 1);
  const order = [...telling.filter((one) => one === 'kind'), ...telling.filter((one) => one !== 'kind')];
  return order.map((dimension) =>
    groupTable(dimensionTitle[dimension], report.groups[dimension], report.omittedGroups[dimension] ?? 0),
  );
}

const percentText = (share: number) => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;

function silence(segments: readonly SegmentShare[]): Markup | undefined {
  if (segments.length === 0) return undefined;
  const kinds = [...new Set(segments.map(({ owner }) => owner.kind))];
  const rows = segments
    .filter(({ share }) => share >= 0.0005)
    .map(
      ({
        name,
        owner,
        share,
        p50Ms,
        turns,
      }) => html`<span>${plainText(name)}<small class="soft">${plainText(ownerText(owner))}</small></span>
<span class="bar ${owner.kind}" title="p50 ${wholeMs(p50Ms)} ms in ${countText(turns)} turns"><i style="left:0;width:${percentText(share).replace(' ', '')}"></i></span>
<span>${percentText(share)}<small class="soft">p50 ${wholeMs(p50Ms)} ms</small></span>`,
    );
  return html`<h2>Where the silence went</h2><ul class="legend">${kinds.map((kind) => html`<li class="${kind}"><i></i>${kind}</li>`)}</ul>
<div class="ledger">${rows}</div>`;
}

function notes(report: TurnReport): Markup | false {
  const all = caveats(report);
  return (
    all.length > 0 &&
    html`<h2>What was read</h2><ul class="soft">${all.map((note) => html`<li>${note.trim()}</li>`)}</ul>`
  );
}

function page(title: string, body: Markup): string {
  const head = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${title}</title><style>`;
  const rest = html`</style></head><body>${body}<footer><p>${HOW}</p><p>Made by firstword report.</p></footer></body></html>
`;
  return `${head.text}${STYLE}${rest.text}`;
}

/**
 * A report as a page that holds everything it shows, with no link to anywhere else.
 * @param findings what the doctor found in the same turns (`findingsHtml` of @firstword/doctor), if it was asked
 */
export function reportHtml(report: TurnReport, findings?: Markup): string {
  const title = `${measureText[report.measure] === 'felt gap' ? 'The felt gap' : 'First frames'} of ${countText(report.turns)} turns`;
  const body = html`<h1>${title}</h1><p class="soft">${headline(report)}</p>
${report.measure === 'firstFrame' && html`<p class="notice">${measureNote.firstFrame}.</p>`}${hero(report)}
<div class="plots">${report.curve.length > 0 && answeredPlot([report.curve])}${trendPlot(report)}</div>
${silence(report.segments)}
${findings}
${
  report.told.length > 0 &&
  html`<h2>As exports tell it</h2><p class="soft">Durations as LiveKit reports them. Final transcript, end of turn and release count from the end of speech; parts overlap, and do not add up to the whole.</p>${groupTable(
    '',
    report.told.map(({ name, gap }) => ({ value: toldText[name] ?? name, turns: gap.count, gap })),
    0,
  )}`
}
${report.worst.length > 0 && html`<h2>Worst turns</h2>${worstHtml(report.worst)}`}
<h2>Divided</h2>${groups(report)}${notes(report)}`;
  return page(title, body);
}

/** A comparison of two sets of turns, as such a page. */
export function reportComparisonHtml(comparison: ReportComparison): string {
  const { a, b, differences, segments, measure } = comparison;
  const rows = differences.map(
    (one) =>
      html`<tr><th scope="row">p${one.percent}</th><td>${wholeMs(one.aMs)}</td><td>${wholeMs(one.bMs)}</td><td class="${one.verdict}">${differenceText(one)}</td></tr>`,
  );
  const changed = segments.filter(({ aMs, bMs }) => Math.abs(bMs - aMs) >= 1);
  const body = html`<h1>Two sets of turns</h1><p class="soft">A: ${headline(a)}<br>B: ${headline(b)}</p>
<p class="notice">${verdictText(comparison)}</p>
${measure === 'firstFrame' && html`<p class="notice">${measureNote.firstFrame}.</p>`}
${
  rows.length > 0 &&
  html`<div class="wide"><table><thead><tr><th>${measureText[measure]}, ms</th><th>A</th><th>B</th><th>difference</th></tr></thead><tbody>${rows}</tbody></table></div>
<div class="plots">${answeredPlot([a.curve, b.curve], ['A', 'B'])}</div>`
}
${
  changed.length > 0 &&
  html`<h2>ms of an average turn</h2><div class="wide"><table><thead><tr><th></th><th>A</th><th>B</th></tr></thead><tbody>${changed.map(
    ({ name, aMs, bMs }) =>
      html`<tr><th scope="row">${plainText(name)}</th><td>${wholeMs(aMs)}</td><td>${wholeMs(bMs)}</td></tr>`,
  )}</tbody></table></div>`
}
<h2>A, divided</h2>${groups(a)}${notes(a)}<h2>B, divided</h2>${groups(b)}${notes(b)}`;
  return page('Two sets of turns', body);
}
