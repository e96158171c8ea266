import { wholeMs } from '@firstword/records';
import { FIGURE_WIDTH, figure, html, type Markup, px, scaleOf, xAxis } from '@firstword/records/html';
import { ascending, percentile } from '@firstword/turn/statistics';
import type { GapPair } from '../ratio.js';

const LEFT = 26;
const TOP = 8;

/** The difference of every line between two arms, sorted by saving. */
export function pairsPlot(first: string, other: string, pairs: readonly GapPair[]): Markup {
  const saved = ascending(pairs.map(({ baseMs, otherMs }) => otherMs - baseMs));
  const row = Math.max(2, Math.min(7, 420 / saved.length));
  const bottom = TOP + saved.length * row;
  const x = scaleOf([0, ...saved], { from: LEFT, to: FIGURE_WIDTH - 12, ticks: 6 });
  const bars = saved.map((difference, i) => {
    const [from, to] = [x(Math.min(0, difference)), x(Math.max(0, difference))];
    return html`<rect class="${difference > 0 ? 'worse' : 'better'}" x="${px(from)}" width="${px(Math.max(0.5, to - from))}"
      y="${px(TOP + i * row)}" height="${px(row * 0.75)}"/>`;
  });
  const faster = saved.filter((difference) => difference < 0).length;
  const middle = wholeMs(percentile(saved, 50));
  const text = `${faster} of ${saved.length} lines were answered faster; the median difference is ${middle} ms.`;
  return figure({
    title: `Line by line: ${other} against ${first}`,
    note: `One bar per line, with the same audio in both arms. Left: faster. ${text}`,
    alt: text,
    height: bottom + 26,
    body: html`${xAxis(x, { top: TOP, bottom, unit: 'ms' })}${bars}<line class="zero" x1="${px(x(0))}" x2="${px(x(0))}" y1="${TOP}" y2="${bottom}"/>`,
  });
}
