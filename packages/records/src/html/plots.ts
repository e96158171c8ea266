import { wholeMs } from '../render/words.js';
import type { TurnReport } from '../report/turn-report.js';
import { html, type Markup } from './markup.js';
import { px, type Scale, scaleOf } from './scale.js';

/** Plots are drawn this wide and scaled to the page: their letters stay readable on a telephone. */
const WIDTH = 460;
const HEIGHT = 230;
const LEFT = 44;
const RIGHT = WIDTH - 12;
const TOP = 8;
const BOTTOM = HEIGHT - 26;

export type Curve = TurnReport['curve'];

function figure(options: { title: string; note: string; alt: string; body: Markup }): Markup {
  const { title, note, alt, body } = options;
  return html`<figure><figcaption><b>${title}</b>${note}</figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${alt}">${body}</svg></figure>`;
}

function acrossAxis(x: Scale, unit: string): Markup[] {
  const last = x.ticks.length - 1;
  return x.ticks.map(
    (
      tick,
      at,
    ) => html`<line class="grid" x1="${px(x(tick))}" x2="${px(x(tick))}" y1="${TOP}" y2="${BOTTOM}"/><text
x="${px(x(tick))}" y="${BOTTOM + 17}" text-anchor="${at === last ? 'end' : 'middle'}">${tick}${at === last ? ` ${unit}` : ''}</text>`,
  );
}

function upAxis(
  ticks: readonly number[],
  y: (value: number) => number,
  textOf: (tick: number) => string,
): Markup[] {
  return ticks.map(
    (
      tick,
    ) => html`<line class="grid" x1="${LEFT}" x2="${RIGHT}" y1="${px(y(tick))}" y2="${px(y(tick))}"/><text
x="${LEFT - 6}" y="${px(y(tick) + 4)}" text-anchor="end">${textOf(tick)}</text>`,
  );
}

/** Share of the turns answered within so many ms: one curve, or the first in grey and the second in colour. */
export function answeredPlot(curves: readonly Curve[], names: readonly string[] = []): Markup {
  // The slowest half per cent would squeeze all others into a corner; it is told in words.
  const shown = curves.map((curve) => curve.filter(({ share }) => share <= 0.995));
  const x = scaleOf([0, ...shown.flat().map(({ gapMs }) => gapMs)], { from: LEFT, to: RIGHT, ticks: 6 });
  const y = (share: number) => BOTTOM - share * (BOTTOM - TOP);
  const lines = shown.map((curve, at) => {
    const path = curve.map(({ gapMs, share }) => `${px(x(gapMs))} ${px(y(share))}`).join('L');
    return html`<path class="curve${curves.length > 1 && at === 0 ? ' first' : ''}" d="M${path}"/>`;
  });
  const slowest = curves.map((curve) => `${wholeMs(curve.at(-1)?.gapMs ?? 0)} ms`).join(' and ');
  const key = names.length > 1 ? ` ${names[0]} dashed, ${names[1]} solid.` : '';
  return figure({
    title: 'How many answers had come by then',
    note: `Share of the turns; the last half per cent is left out, up to ${slowest}.${key}`,
    alt: `Cumulative distribution of the gap; the slowest turn took ${slowest}.`,
    body: html`${acrossAxis(x, 'ms')}${upAxis([0, 0.25, 0.5, 0.75, 0.95], y, (share) => `${share * 100} %`)}${lines}`,
  });
}

const stepLabel = (at: string, step: TurnReport['trend']['step']) =>
  step === 'hour'
    ? `${at.slice(5, 10)} ${at.slice(11, 13)}h`
    : step === 'day'
      ? at.slice(5, 10)
      : at.slice(0, 7);

/** p50 and p95 over time, with their intervals. */
export function trendPlot({ trend: { step, steps } }: TurnReport): Markup | undefined {
  const known = steps.flatMap(({ at, gap }) => (gap ? [{ at, gap }] : []));
  if (known.length < 2) return undefined;
  const times = known.map(({ at }) => Date.parse(at));
  const [from, to] = [times[0]!, times.at(-1)!];
  const x = (ms: number) => LEFT + ((ms - from) / (to - from)) * (RIGHT - LEFT);
  const values = known.flatMap(({ gap: { p50, p95 } }) => [
    p50.lowMs ?? p50.valueMs,
    p95.highMs ?? p95.valueMs,
  ]);
  const scale = scaleOf([0, ...values], { from: BOTTOM, to: TOP, ticks: 5 });
  const point = (at: number, ms: number) => `${px(x(times[at]!))} ${px(scale(ms))}`;
  const series = (['p50', 'p95'] as const).map((name) => {
    const line = known.map(({ gap }, at) => point(at, gap[name].valueMs)).join('L');
    const low = known.map(({ gap }, at) => point(at, gap[name].lowMs ?? gap[name].valueMs));
    const high = known.map(({ gap }, at) => point(at, gap[name].highMs ?? gap[name].valueMs)).reverse();
    const end = known.at(-1)!.gap[name].valueMs;
    return html`<path class="band" d="M${[...low, ...high].join('L')}Z"/><path class="curve" d="M${line}"/>
${known.length <= 31 && known.map(({ gap }, at) => html`<circle class="mark" r="2.6" cx="${px(x(times[at]!))}" cy="${px(scale(gap[name].valueMs))}"/>`)}
<text x="${RIGHT}" y="${px(scale(end) - 8)}" text-anchor="end">${name}</text>`;
  });
  const labels = html`<text x="${LEFT}" y="${BOTTOM + 17}">${stepLabel(known[0]!.at, step)}</text><text x="${RIGHT}" y="${BOTTOM + 17}" text-anchor="end">${stepLabel(known.at(-1)!.at, step)}</text>`;
  const change = (name: 'p50' | 'p95') =>
    `${name} ${wholeMs(known[0]!.gap[name].valueMs)} → ${wholeMs(known.at(-1)!.gap[name].valueMs)} ms`;
  return figure({
    title: `By ${step}`,
    note: `p50 and p95 in ms with their 95 % intervals, UTC. ${change('p50')}, ${change('p95')}.`,
    alt: `Trend by ${step}: ${change('p50')}, ${change('p95')}.`,
    body: html`${upAxis(scale.ticks, scale, (tick) => `${tick}`)}${series}${labels}`,
  });
}
