import { ownerText } from '@firstword/turn';
import { plainText, roundPercent } from '@firstword/turn/display';
import { differenceText, failuresComparedText, verdictText } from '../render/verdict.js';
import {
  caveats,
  countText,
  dimensionTitle,
  failuresText,
  gainNote,
  groupName,
  headline,
  intervalText,
  measureNote,
  measureText,
  plural,
  reportedText,
  silenceNote,
  silenceText,
  wholeMs,
} from '../render/words.js';
import type { ReportComparison } from '../report/compare-reports.js';
import type { Estimate } from '../report/distribution.js';
import {
  DIMENSIONS,
  type ReportGroup,
  type SegmentShare,
  SILENCES,
  type SilencePart,
  type TurnReport,
} from '../report/turn-report.js';
import { keyNumbers } from './key-numbers.js';
import { html, type Markup } from './markup.js';
import { page } from './page.js';
import { type EcdfSeries, ecdfPlot } from './plots/ecdf.js';
import { areaLegend } from './plots/legend.js';
import { trendPlot } from './plots/trend.js';
import { worstTurnsHtml } from './plots/turn-bars.js';
import { REPORT_STYLE } from './report-style.js';
import { type Cell, table } from './table.js';

const PERCENTILES = ['p50', 'p90', 'p95', 'p99'] as const;

const ABOUT = `Felt gap: from the last sample of the caller's speech to the first audible sample of the answer, in ms. The segments of
a turn sum to it; hidden work ran at the same time and is not added. Small figures are 95 % bootstrap intervals, which assume that
turns are independent. A turn can be of several kinds. This page contains no transcripts and loads nothing.`;

const reportPage = (title: string, body: Markup) =>
  page({ title, body, madeBy: 'firstword report', about: ABOUT, style: REPORT_STYLE });

const interval = (estimate: Estimate): Markup | false =>
  intervalText(estimate) !== '' && html` <small>${intervalText(estimate)}</small>`;

function percentileNumbers(report: TurnReport): Markup | undefined {
  const { gap, failures } = report;
  if (!gap) return html`<p class="notice">No turn has a felt gap.</p>`;
  return keyNumbers([
    ...PERCENTILES.map((name) => ({
      label: name,
      value: `${wholeMs(gap[name].valueMs)} ms`,
      note: intervalText(gap[name]),
    })),
    { label: 'turns with a gap', value: countText(gap.count), note: `of ${countText(report.turns)}` },
    ...(failures.turns > 0
      ? [{ label: 'failed turns', value: countText(failures.turns), note: `of ${countText(report.turns)}` }]
      : []),
  ]);
}

function groupTable(title: string, groups: readonly ReportGroup[], omitted: number): Markup {
  const rows = groups.map((group): Cell[] => [
    groupName(group),
    countText(group.gap?.count ?? group.turns),
    ...PERCENTILES.map((name) =>
      group.gap ? html`${wholeMs(group.gap[name].valueMs)}${interval(group.gap[name])}` : '–',
    ),
  ]);
  return html`${title !== '' && html`<h3>${title}</h3>`}${table(['', 'n', ...PERCENTILES], rows)}
${omitted > 0 && html`<p class="soft">and ${countText(omitted)} more</p>`}`;
}

function groups(report: TurnReport): Markup[] {
  const informative = DIMENSIONS.filter((dimension) => report.groups[dimension].length > 1);
  const order = [
    ...informative.filter((one) => one === 'kind'),
    ...informative.filter((one) => one !== 'kind'),
  ];
  return order.map((dimension) =>
    groupTable(dimensionTitle[dimension], report.groups[dimension], report.omittedGroups[dimension] ?? 0),
  );
}

const percentText = (share: number) => `${roundPercent(share)} %`;

/** A part of the felt gap, or of another silence, which reports no gain. */
type Part = SilencePart & Partial<Pick<SegmentShare, 'gain'>>;

/** The parts of a silence as bars, by their share of it. */
function partBars(parts: readonly Part[], unit: string): Markup {
  const rows = parts
    .filter(({ share }) => share >= 0.0005)
    .map((part) => {
      const { name, owner, share, p50Ms, p95Ms, turns } = part;
      const note = gainNote(part);
      return html`<span>${plainText(name)}<small class="soft">${plainText(ownerText(owner))}</small></span>
<span class="bar ${owner.kind}" title="p50 ${wholeMs(p50Ms)}, p95 ${wholeMs(p95Ms)} ms in ${plural(turns, unit)}"><i style="left:0;width:${percentText(share).replace(' ', '')}"></i></span>
<span>${percentText(share)}<small class="soft">${wholeMs(p50Ms)} · ${wholeMs(p95Ms)} ms</small>${note !== '' && html`<small class="soft">${note}</small>`}</span>`;
    });
  return html`<div class="ledger">${rows}</div>`;
}

const ownerLegend = (parts: readonly Part[]): Markup =>
  areaLegend(
    [...new Set(parts.map(({ owner }) => owner.kind))].map((kind) => ({ name: kind, className: kind })),
  );

function silence(segments: readonly SegmentShare[]): Markup | undefined {
  if (segments.length === 0) return undefined;
  return html`<h2>Where the silence went</h2><p class="soft">Share of all gaps; below it p50 and p95 of the turns that have the segment.</p>
${ownerLegend(segments)}${partBars(segments, 'turn')}`;
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

function otherSilences({ silences }: TurnReport): Markup | undefined {
  const found = SILENCES.flatMap((name) => (silences[name] ? [{ name, figures: silences[name] }] : []));
  if (found.length === 0) return undefined;
  const rows = found.map(({ name, figures: { of, gap } }) => ({ value: silenceText[name], turns: of, gap }));
  const details = found.map(({ name, figures: { parts, problems } }) => {
    const unknown = problems.map(({ problem, count }) => `${countText(count)}: ${plainText(problem)}`);
    return html`<h3>${silenceText[name]}</h3><p class="soft">${sentence(silenceNote[name])}${unknown.length > 0 && html` Not known of ${unknown.join('; ')}.`}</p>${parts.length > 0 && partBars(parts, name === 'hello' ? 'call' : 'turn')}`;
  });
  const all = found.flatMap(({ figures }) => figures.parts);
  return html`<h2>Other silences</h2>${groupTable('', rows, 0)}${all.length > 0 && ownerLegend(all)}${details}`;
}

function notes(report: TurnReport): Markup | false {
  const all = caveats(report);
  return (
    all.length > 0 &&
    html`<h2>What was read</h2><ul class="soft">${all.map((note) => html`<li>${note.trim()}</li>`)}</ul>`
  );
}

/** The slowest half per cent would compress all others into a corner; the note names the slowest turn. */
const SHOWN_SHARE = 0.995;

function curvePlot(reports: readonly { report: TurnReport; name?: string; index: number }[]): Markup {
  const series = reports.map(
    ({ report, ...one }): EcdfSeries => ({
      ...one,
      points: report.curve.map(({ share, gapMs }) => ({ share, valueMs: gapMs })),
    }),
  );
  const slowest = series.map(({ points }) => `${wholeMs(points.at(-1)?.valueMs ?? 0)} ms`).join(' and ');
  return ecdfPlot(series, {
    note: `Share of the turns. The slowest half per cent is not drawn; it goes up to ${slowest}.`,
    measure: 'the gap',
    maxShare: SHOWN_SHARE,
  });
}

const stepLabel = (at: string, step: TurnReport['trend']['step']) =>
  step === 'hour'
    ? `${at.slice(5, 10)} ${at.slice(11, 13)}h`
    : step === 'day'
      ? at.slice(5, 10)
      : at.slice(0, 7);

function trend({ trend: { step, steps } }: TurnReport): Markup | undefined {
  const known = steps.flatMap(({ at, gap }) => (gap ? [{ at, gap }] : []));
  const [first, last] = [known[0], known.at(-1)];
  if (known.length < 2 || !first || !last) return undefined;
  const change = (name: 'p50' | 'p95') =>
    `${name} ${wholeMs(first.gap[name].valueMs)} → ${wholeMs(last.gap[name].valueMs)} ms`;
  return trendPlot({
    title: `By ${step}`,
    note: `p50 and p95 in ms with their 95 % intervals, UTC. ${change('p50')}, ${change('p95')}.`,
    alt: `Trend by ${step}: ${change('p50')}, ${change('p95')}.`,
    index: 1,
    points: known.map(({ at, gap: { p50, p95 } }) => ({ atMs: Date.parse(at), p50, p95 })),
    labels: [stepLabel(first.at, step), stepLabel(last.at, step)],
  });
}

/**
 * A report as a self-contained page without external links.
 * @param findings the doctor's findings in the same turns (`findingsHtml` of @firstword/doctor), if it was run
 */
export function reportHtml(report: TurnReport, findings?: Markup): string {
  const greeted = report.silences.hello?.of ?? 0;
  const gaps = `${measureText[report.measure] === 'felt gap' ? 'The felt gap' : 'First frames'} of ${countText(report.turns)} turns`;
  const title = report.turns === 0 && greeted > 0 ? `The time to hello of ${plural(greeted, 'call')}` : gaps;
  const failed = failuresText(report.failures, report.turns);
  const body = html`<h1>${title}</h1>${failed !== undefined && html`<p class="notice worse">${plainText(failed)}.</p>`}<p class="soft">${headline(report)}</p>
${report.measure === 'firstFrame' && html`<p class="notice">${measureNote.firstFrame}.</p>`}${percentileNumbers(report)}
<div class="plots">${report.curve.length > 0 && curvePlot([{ report, index: 1 }])}${trend(report)}</div>
${silence(report.segments)}
${otherSilences(report)}
${findings}
${
  report.reported.length > 0 &&
  html`<h2>As reported by exports</h2><p class="soft">Durations as LiveKit reports them. Final transcript, end of turn and release count from the end of speech; parts overlap, and do not add up to the whole.</p>${groupTable(
    '',
    report.reported.map(({ name, gap }) => ({ value: reportedText[name] ?? name, turns: gap.count, gap })),
    0,
  )}`
}
${report.worst.length > 0 && html`<h2>Worst turns</h2>${worstTurnsHtml(report.worst)}`}
<h2>Divided</h2>${groups(report)}${notes(report)}`;
  return reportPage(title, body);
}

const VERDICT_CLASS = { fell: 'better', rose: 'worse', unclear: 'soft' } as const;

/** A comparison of two sets of turns as a self-contained page. */
export function reportComparisonHtml(comparison: ReportComparison): string {
  const { a, b, differences, segments, measure } = comparison;
  const rows = differences.map((one): Cell[] => [
    `p${one.percent}`,
    wholeMs(one.aMs),
    wholeMs(one.bMs),
    html`<span class="${VERDICT_CLASS[one.verdict]}">${differenceText(one)}</span>`,
  ]);
  const changed = segments.filter(({ aMs, bMs }) => Math.abs(bMs - aMs) >= 1);
  const failed = failuresComparedText(comparison);
  const body = html`<h1>Two sets of turns</h1><p class="soft">A: ${headline(a)}<br>B: ${headline(b)}</p>
${failed !== undefined && html`<p class="notice worse">${plainText(failed)}</p>`}<p class="notice">${verdictText(comparison)}</p>
${measure === 'firstFrame' && html`<p class="notice">${measureNote.firstFrame}.</p>`}
${
  rows.length > 0 &&
  html`${table([`${measureText[measure]}, ms`, 'A', 'B', 'difference'], rows)}
<div class="plots">${curvePlot([
    { report: a, name: 'A', index: 0 },
    { report: b, name: 'B', index: 1 },
  ])}</div>`
}
${
  changed.length > 0 &&
  html`<h2>ms of an average turn</h2>${table(
    ['', 'A', 'B'],
    changed.map(({ name, aMs, bMs }) => [plainText(name), wholeMs(aMs), wholeMs(bMs)]),
  )}`
}
<h2>A, divided</h2>${groups(a)}${notes(a)}<h2>B, divided</h2>${groups(b)}${notes(b)}`;
  return reportPage('Two sets of turns', body);
}
