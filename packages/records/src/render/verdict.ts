import { plainText } from '@firstword/turn/display';
import type { BudgetResult, PercentileResult } from '../report/budget.js';
import type { PercentileDifference, ReportComparison } from '../report/compare-reports.js';
import type { RenderOptions } from './ledger.js';
import { paint } from './paint.js';
import { toWidth } from './text-bar.js';
import {
  countText,
  failuresText,
  headline,
  measureNote,
  measureText,
  silenceText,
  wholeMs,
} from './words.js';

/** `p95 fell by 310 ms, 95 % interval 220–400`, or that no difference is shown. */
export function differenceText({
  percent,
  differenceMs,
  lowMs,
  highMs,
  verdict,
}: PercentileDifference): string {
  if (verdict === 'unclear') {
    const signed = (ms: number) => `${ms >= 0.5 ? '+' : ms <= -0.5 ? '−' : ''}${wholeMs(Math.abs(ms))}`;
    return `p${percent}: no difference shown (${signed(differenceMs)} ms, 95 % interval ${signed(lowMs)} to ${signed(highMs)})`;
  }
  const ends = verdict === 'fell' ? [-highMs, -lowMs] : [lowMs, highMs];
  return `p${percent} ${verdict} by ${wholeMs(Math.abs(differenceMs))} ms, 95 % interval ${ends.map((ms) => wholeMs(ms)).join('–')}`;
}

/** One sentence on the whole comparison. */
export function verdictText({ a, b, differences }: ReportComparison): string {
  if (a.gap && b.gap && a.measure !== b.measure) {
    const [frames, gaps] = a.measure === 'firstFrame' ? ['A', 'B'] : ['B', 'A'];
    return `These cannot be compared: ${frames} has first frames only, ${gaps} felt gaps, which are longer.`;
  }
  if (differences.length === 0) return 'These cannot be compared: one of them has no turn with a gap.';
  const fell = differences.filter(({ verdict }) => verdict === 'fell');
  const rose = differences.filter(({ verdict }) => verdict === 'rose');
  const names = (some: readonly PercentileDifference[]) =>
    some.map(({ percent }) => `p${percent}`).join(', ');
  if (fell.length > 0 && rose.length > 0)
    return `B is faster at ${names(fell)} and slower at ${names(rose)}.`;
  if (fell.length > 0) return `B is faster: shown at ${names(fell)}.`;
  if (rose.length > 0) return `B is slower: shown at ${names(rose)}.`;
  return 'No difference is shown: every interval includes 0. That does not prove that there is none; more turns would narrow the intervals.';
}

/** `p95 ≤ 900 ms: exceeded, 1310 ms (95 % interval 1250–1370)` */
function percentileText(limit: PercentileResult): string {
  const { silence, maxMs, valueMs, lowMs, highMs, kept } = limit;
  const percentile = silence === undefined ? limit.percentile : `${silence}.${limit.percentile}`;
  const why = silence === undefined ? 'no turn has a gap' : `no ${silenceText[silence]} is reported`;
  if (valueMs === undefined) return `${percentile} ≤ ${maxMs} ms: not kept, because ${why}`;
  const interval = lowMs === undefined ? '' : ` (95 % interval ${wholeMs(lowMs)}–${wholeMs(highMs!)})`;
  return `${percentile} ≤ ${maxMs} ms: ${kept ? 'kept' : 'exceeded'}, ${wholeMs(valueMs)} ms${interval}`;
}

/** The result of each limit, a line each; `failed ≤ 0 % of the turns: exceeded, 12 of 40`. */
export function budgetLines({ percentiles, failed }: BudgetResult): string[] {
  const { maxShare, turns, of, kept } = failed;
  const limit = `failed ≤ ${Math.round(maxShare * 1e4) / 100} % of the turns`;
  return [
    `${limit}: ${kept ? 'kept' : 'exceeded'}, ${countText(turns)} of ${countText(of)}`,
    ...percentiles.map(percentileText),
  ];
}

/** How many turns failed on each side; `undefined` where none did. */
export function failuresComparedText({ a, b }: ReportComparison): string | undefined {
  if (a.failures.turns + b.failures.turns === 0) return undefined;
  const side = (name: string, { failures, turns }: ReportComparison['a']) =>
    `${name}: ${failuresText(failures, turns) ?? `0 of ${countText(turns)} turns failed`}`;
  return `${side('A', a)}. ${side('B', b)}. Failed turns are in no percentile.`;
}

/** A comparison on one screen. Lines end with a line feed. */
export function renderReportComparison(comparison: ReportComparison, options: RenderOptions = {}): string {
  const to = paint(options.colour ?? false);
  const failed = failuresComparedText(comparison);
  const lines = [
    ` A  ${headline(comparison.a)}`,
    ` B  ${headline(comparison.b)}`,
    '',
    ...(failed === undefined ? [] : [` ${to.warn(plainText(failed))}`]),
    ` ${to.strong(verdictText(comparison))}`,
  ];
  if (comparison.measure === 'firstFrame') lines.push(to.warn(` ${measureNote.firstFrame}`));
  if (comparison.differences.length > 0) {
    const { a, b, measure } = comparison;
    const counts = `A n ${countText(a.gap?.count ?? 0)}, B n ${countText(b.gap?.count ?? 0)}`;
    lines.push(
      '',
      ` ${to.strong(toWidth(measureText[measure], 12))}${'A'.padStart(9)}${'B'.padStart(9)}   ${to.dim(counts)}`,
    );
    for (const difference of comparison.differences) {
      const { percent, aMs, bMs } = difference;
      lines.push(
        ` ${`p${percent}`.padEnd(12)}${wholeMs(aMs).padStart(9)}${wholeMs(bMs).padStart(9)}   ${differenceText(difference)}`,
      );
    }
  }
  const changed = comparison.segments.filter(({ aMs, bMs }) => Math.abs(bMs - aMs) >= 1).slice(0, 6);
  if (changed.length > 0) {
    lines.push('', ` ${to.strong('ms of an average turn')}`);
    for (const { name, aMs, bMs } of changed) {
      lines.push(` ${toWidth(plainText(name), 28)}${wholeMs(aMs).padStart(7)} → ${wholeMs(bMs)}`);
    }
  }
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}
