import { type Estimate, plainText, plural } from '@firstword/records';
import { html, type Markup, trendPlot } from '@firstword/records/html';
import type { TrendPoint } from '../../analyse/trend.js';
import { estimateText, ms, NONE, percentText } from '../format.js';
import type { Table } from '../tables.js';
import { benchDocument, section } from './document.js';

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

/** The p50 and p95 of one arm over the runs. */
function armTrend(armId: string, all: readonly ArmRun[], index: number): Markup | undefined {
  const runs = known(all);
  const [first, last] = [runs[0], runs.at(-1)];
  if (!first || !last) return undefined;
  const change = `p50 ${ms(first.p50.valueMs)} → ${ms(last.p50.valueMs)}, p95 ${ms(first.p95.valueMs)} → ${ms(last.p95.valueMs)} ms`;
  // Runs of the same day are labelled by time instead of date.
  const at = day(first.startedAt) === day(last.startedAt) ? time : day;
  return trendPlot({
    title: plainText(armId),
    note: `p50 (full dots) and p95 (open) of each run, ms, with their intervals. First to last: ${change}. ${lastChange(runs)}`,
    alt: `${runs.length} runs of ${armId}: ${change}.`,
    index,
    points: runs.map(({ startedAt, p50, p95 }) => ({ atMs: Date.parse(startedAt), p50, p95 })),
    labels: [at(first.startedAt), at(last.startedAt)],
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
    return armTrend(armId, runs, (index % 6) + 1) ?? [];
  });
  const emulated = points.some(({ arms }) => arms.some((arm) => arm.emulated));
  const body = html`<h1>Time to first content, run by run</h1>
<p class="soft">${plural(points.length, 'run')}, ${day(points[0]?.startedAt ?? '')} to ${day(points.at(-1)?.startedAt ?? '')}</p>
${emulated && html`<p class="notice">Some providers are emulated: published delays replayed on this machine.</p>`}
<div class="plots">${plots}</div>${section(runsTable(points))}`;
  return benchDocument('Time to first content, run by run', body);
}
