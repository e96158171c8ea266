import { type Estimate, plainText, plural } from '@firstword/records';
import { armClass, figure, html, type Markup, px, scaleOf, WIDTH } from '@firstword/records/html';
import type { TrendPoint } from '../../analyse/trend.js';
import { estimateText, ms, NONE, percentText } from '../format.js';
import type { Table } from '../tables.js';
import { pageOf, section } from './document.js';

const HEIGHT = 200;
const LEFT = 44;
const RIGHT = WIDTH - 12;
const TOP = 10;
const BOTTOM = 168;
/** The table lists at most this many runs; the plots show all of them. */
const LAST_RUNS = 30;

/** One run of one arm. */
interface ArmRun {
  startedAt: string;
  region?: string | undefined;
  arm: TrendPoint['arms'][number];
}

interface Answered extends ArmRun {
  p50: Estimate;
  p95: Estimate;
}

const known = (runs: readonly ArmRun[]): Answered[] =>
  runs.flatMap((run) => (run.arm.p50 && run.arm.p95 ? [{ ...run, p50: run.arm.p50, p95: run.arm.p95 }] : []));

/** An open interval is drawn up to the value itself on its open side. */
const ends = ({ valueMs, lowMs = valueMs, highMs = valueMs }: Estimate) => ({ lowMs, highMs });

const day = (at: string) => at.slice(0, 10);
const time = (at: string) => `${at.slice(11, 16)} UTC`;

/** Whether the last run differs from the one before it: their intervals do not overlap. */
function lastChange(runs: readonly Answered[]): string {
  const [before, last] = runs.slice(-2);
  if (!before || !last) return 'One run so far.';
  const changes = (['p50', 'p95'] as const).flatMap((name) => {
    const { lowMs = 0, highMs = Number.POSITIVE_INFINITY } = before[name];
    const now = { lowMs: 0, highMs: Number.POSITIVE_INFINITY, ...last[name] };
    if (now.lowMs > highMs) return [`${name} rose`];
    return now.highMs < lowMs ? [`${name} fell`] : [];
  });
  return changes.length > 0
    ? `In the last run ${changes.join(', ')}: its interval does not overlap that of the run before.`
    : 'The last run shows no change from the one before.';
}

/** The p50 and p95 of one arm over the runs, each with its interval. A single run is drawn as a dot. */
function trendPlot(armId: string, all: readonly ArmRun[], index: number): Markup | undefined {
  const runs = known(all);
  if (runs.length === 0) return undefined;
  const times = runs.map(({ startedAt }) => Date.parse(startedAt));
  const spanMs = Math.max(1, times.at(-1)! - times[0]!);
  const x = (at: number) => LEFT + ((times[at]! - times[0]!) / spanMs) * (RIGHT - LEFT);
  const reach = runs.flatMap(({ p50, p95 }) => [ends(p50).lowMs, ends(p95).highMs]);
  const y = scaleOf([0, ...reach], { from: BOTTOM, to: TOP, ticks: 4 });
  const up = y.ticks.map(
    (tick) =>
      html`<line class="grid" x1="${LEFT}" x2="${RIGHT}" y1="${px(y(tick))}" y2="${px(y(tick))}"/><text x="${LEFT - 6}" y="${px(y(tick) + 4)}" text-anchor="end">${tick}</text>`,
  );
  const point = (at: number, value: number) => `${px(x(at))} ${px(y(value))}`;
  const series = (['p50', 'p95'] as const).map((name) => {
    const low = runs.map((run, at) => point(at, ends(run[name]).lowMs));
    const high = runs.map((run, at) => point(at, ends(run[name]).highMs)).reverse();
    const line = runs.map((run, at) => point(at, run[name].valueMs)).join('L');
    const dots = runs.map(
      (run, at) =>
        html`<circle class="${armClass(index)} ${name === 'p50' ? 'full' : 'open'}" cx="${px(x(at))}" cy="${px(y(run[name].valueMs))}" r="2.6"/>`,
    );
    return html`<path class="${armClass(index)} band" d="M${[...low, ...high].join('L')}Z"/><path class="arm ${armClass(index)}" d="M${line}"/>${dots}`;
  });
  const [first, last] = [runs[0]!, runs.at(-1)!];
  const change = `p50 ${ms(first.p50.valueMs)} → ${ms(last.p50.valueMs)}, p95 ${ms(first.p95.valueMs)} → ${ms(last.p95.valueMs)} ms`;
  // Runs of the same day are labelled by time instead of date.
  const at = day(first.startedAt) === day(last.startedAt) ? time : day;
  const labels = html`<text x="${LEFT}" y="${BOTTOM + 17}">${at(first.startedAt)}</text><text x="${RIGHT}" y="${BOTTOM + 17}" text-anchor="end">${at(last.startedAt)}</text>`;
  return figure({
    title: plainText(armId),
    note: `p50 (full dots) and p95 (open) of each run, ms, with their intervals. First to last: ${change}. ${lastChange(runs)}`,
    alt: `${runs.length} runs of ${armId}: ${change}.`,
    height: HEIGHT,
    body: html`${up}${series}${labels}`,
  });
}

function runsTable(points: readonly TrendPoint[]): Table {
  const rows = points
    .slice(-LAST_RUNS)
    .reverse()
    .flatMap(({ startedAt, region, partial, arms }) =>
      arms.map((arm) => [
        `${startedAt.slice(0, 16).replace('T', ' ')}${partial ? ' (partial)' : ''}`,
        plainText(arm.armId),
        plainText(region ?? NONE),
        String(arm.count),
        estimateText(arm.p50),
        estimateText(arm.p95),
        arm.stragglers ? percentText(arm.stragglers.share) : NONE,
        arm.errors ? percentText(arm.errors.share) : NONE,
      ]),
    );
  const heads = ['UTC', 'arm', 'region', 'n', 'p50 ms', 'p95 ms', 'stragglers', 'errors'];
  return { title: points.length > LAST_RUNS ? `The last ${LAST_RUNS} runs` : 'Every run', heads, rows };
}

/**
 * The trend of a history as a self-contained HTML page, one plot per arm.
 * @param points one per run, oldest first
 */
export function trendPage(points: readonly TrendPoint[]): string {
  const armIds = [...new Set(points.flatMap(({ arms }) => arms.map(({ armId }) => armId)))];
  const plots = armIds.flatMap((armId, index) => {
    const runs = points.flatMap(({ startedAt, region, arms }) => {
      const arm = arms.find((one) => one.armId === armId);
      return arm ? [{ startedAt, region, arm }] : [];
    });
    return trendPlot(armId, runs, (index % 6) + 1) ?? [];
  });
  const emulated = points.some(({ arms }) => arms.some((arm) => arm.emulated));
  const body = html`<h1>Time to first content, run by run</h1>
<p class="soft">${plural(points.length, 'run')}, ${day(points[0]?.startedAt ?? '')} to ${day(points.at(-1)?.startedAt ?? '')}</p>
${emulated && html`<p class="notice">Some providers are emulated: published delays replayed on this machine.</p>`}
<div class="plots">${plots}</div>${section(runsTable(points))}`;
  return pageOf('Time to first content, run by run', body);
}
