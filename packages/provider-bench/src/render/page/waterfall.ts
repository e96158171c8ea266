import { figure, html, type Markup, px, scaleOf, WIDTH, xAxis } from '@firstword/records/html';
import type { BenchArmReport } from '../../analyse/arm-report.js';
import type { PhaseName } from '../../analyse/phases.js';
import { ms } from '../format.js';

const LEFT = 12;
const TOP = 6;
const ROW = 52;

/** The drawn parts, each in its own colour. Phases that no setting influences separately are merged. */
const PARTS: readonly [name: string, phases: readonly PhaseName[]][] = [
  ['DNS', ['dns']],
  ['TCP', ['tcp']],
  ['TLS', ['tls']],
  ['wait and send', ['connection', 'request']],
  ['to headers', ['headers']],
  ['to first delta', ['firstDelta']],
  ['to first content', ['firstContent']],
  ['to first clause', ['firstClause']],
];

interface Part {
  name: string;
  colour: number;
  meanMs: number;
}

function partsOf({ phases }: BenchArmReport): Part[] {
  return PARTS.map(([name, members], colour) => {
    const found = phases.filter(({ phase }) => members.includes(phase));
    return { name, colour, meanMs: found.reduce((sum, { meanMs }) => sum + meanMs, 0) };
  });
}

/**
 * The phases of each arm one after another, as means, because means add up and medians do not.
 * @returns `undefined` where no arm has phases
 */
export function waterfallPlot(
  arms: readonly BenchArmReport[],
  name: (armId: string) => string,
): Markup | undefined {
  const rows = arms
    .filter(({ phases }) => phases.length > 0)
    .map((arm) => {
      const parts = partsOf(arm);
      return { arm, parts, totalMs: parts.reduce((sum, { meanMs }) => sum + meanMs, 0) };
    });
  if (rows.length === 0) return undefined;
  const bottom = TOP + rows.length * ROW;
  const x = scaleOf([0, ...rows.map(({ totalMs }) => totalMs)], { from: LEFT, to: WIDTH - 12, ticks: 5 });
  const bars = rows.map(({ arm, parts, totalMs }, row) => {
    const y = TOP + row * ROW;
    let atMs = 0;
    const rects = parts.map(({ name, colour, meanMs }) => {
      const from = x(atMs);
      atMs += meanMs;
      return html`<rect class="owner o${colour}" x="${px(from)}" y="${y + 22}" width="${px(x(atMs) - from)}" height="22"><title>${name}: ${ms(meanMs)} ms</title></rect>`;
    });
    return html`<text class="name" x="${LEFT}" y="${y + 15}">${name(arm.arm.id)}: ${ms(totalMs)} ms</text>${rects}`;
  });
  const shown = PARTS.flatMap(([name], colour) =>
    rows.some(({ parts }) => parts[colour]!.meanMs > 0)
      ? [html`<li><i class="o${colour}"></i>${name}</li>`]
      : [],
  );
  return figure({
    title: 'Where the time goes',
    note: 'Means over the answered requests, up to the first clause.',
    alt: rows
      .map(({ arm, totalMs }) => `${name(arm.arm.id)}: ${ms(totalMs)} ms to the first clause`)
      .join('; '),
    height: bottom + 26,
    body: html`${xAxis(x, { top: TOP, bottom, unit: 'ms' })}${bars}`,
    legend: html`<ul class="legend owners">${shown}</ul>`,
  });
}
