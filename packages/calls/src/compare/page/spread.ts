import { type Estimate, wholeMs } from '@firstword/records';
import {
  armClass,
  FIGURE_WIDTH,
  figure,
  html,
  type Markup,
  px,
  type Scale,
  scaleOf,
  xAxis,
} from '@firstword/records/html';
import type { ArmReport } from '../report.js';

const LEFT = 12;
const TOP = 6;
const ROW = 46;

const reach = ({ valueMs, lowMs = valueMs, highMs = valueMs }: Estimate) => [lowMs, highMs];

function dot(estimate: Estimate, x: Scale, options: { y: number; arm: string; open: boolean }): Markup {
  const { y, arm, open } = options;
  const [low, high] = reach(estimate) as [number, number];
  return html`<line class="${arm} range" x1="${px(x(low))}" x2="${px(x(high))}" y1="${y}" y2="${y}"/><circle
    class="${arm} ${open ? 'open' : 'full'}" cx="${px(x(estimate.valueMs))}" cy="${y}" r="5"/>`;
}

/** The p50 and p95 of each arm with their 95 % intervals, one row per arm. */
export function spreadPlot(arms: readonly ArmReport[]): Markup {
  const shown = arms.flatMap(({ arm, gaps }, index) => (gaps ? [{ arm, index, gaps }] : []));
  const bottom = TOP + shown.length * ROW;
  const all = shown.flatMap(({ gaps }) => [...reach(gaps.p50), ...reach(gaps.p95)]);
  const x = scaleOf([0, ...all], { from: LEFT, to: FIGURE_WIDTH - 12, ticks: 6 });
  const rows = shown.map(({ arm, index, gaps }, row) => {
    const y = TOP + row * ROW + 32;
    const name = armClass(index);
    return html`<text class="name" x="${LEFT}" y="${y - 15}">${arm}: ${wholeMs(gaps.p50.valueMs)} and ${wholeMs(gaps.p95.valueMs)} ms</text>
${dot(gaps.p50, x, { y, arm: name, open: false })}${dot(gaps.p95, x, { y, arm: name, open: true })}`;
  });
  return figure({
    title: 'Felt gap, p50 and p95',
    note: 'Full dot: p50. Open dot: p95. Bars: 95 % intervals.',
    alt: `Felt gap of each arm. ${shown.map(({ arm, gaps }) => `${arm}: p50 ${wholeMs(gaps.p50.valueMs)} ms, p95 ${wholeMs(gaps.p95.valueMs)} ms`).join('; ')}.`,
    height: bottom + 26,
    body: html`${xAxis(x, { top: TOP, bottom, unit: 'ms' })}${rows}`,
  });
}
