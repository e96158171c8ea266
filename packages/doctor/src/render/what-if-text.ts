import type { RenderOptions } from '@firstword/records';
import {
  countText,
  intervalText,
  measureNote,
  measureText,
  paint,
  plainText,
  plural,
  wholeMs,
} from '@firstword/records';
import type { PercentileShift } from '../what-if/replay.js';
import type { WhatIf } from '../what-if/what-if.js';

const COLUMN = 20;

function cell({ valueMs, ...interval }: PercentileShift['before']): string {
  const range = intervalText({ valueMs, ...interval });
  return `${wholeMs(valueMs).padStart(6)} ${range === '' ? '' : `(${range})`}`.padEnd(COLUMN);
}

/** `−140 (−180 to −90)`: a saving as the change of the gap. */
function changeText({ valueMs, lowMs, highMs }: PercentileShift['saved']): string {
  const signed = (ms: number) => {
    const rounded = Math.round(ms);
    return rounded === 0 ? '0' : `${rounded > 0 ? '−' : '+'}${Math.abs(rounded)}`;
  };
  const range = lowMs === undefined ? '' : ` (${signed(highMs!)} to ${signed(lowMs)})`;
  return `${signed(valueMs)}${range}`;
}

function verdictOf({ p50, p95, measure }: WhatIf): string {
  const part = (name: string, { before, after }: PercentileShift) =>
    `${name} ${wholeMs(before.valueMs)} → ${wholeMs(after.valueMs)} ms`;
  return `${measureText[measure]}: ${part('p50', p50)}, ${part('p95', p95)}`;
}

/** The result of `whatIf` as text for a terminal. Lines end with a line feed. */
export function renderWhatIf(found: WhatIf, options: RenderOptions = {}): string {
  const to = paint(options.colour ?? false);
  const { turns } = found;
  const rows = (['p50', 'p95'] as const).map((name) => {
    const shift = found[name];
    return ` ${name.padEnd(4)} ${cell(shift.before)}${cell(shift.after)}${changeText(shift.saved)}`;
  });
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ['', ` ${to.strong(title)}`, ...lines.map((line) => ` · ${plainText(line)}`)];
  const assumed = found.changes.flatMap(({ assumes }) => assumes);
  const unknown = found.changes.flatMap(({ cannotKnow }) => cannotKnow);
  return [
    ` ${to.strong(verdictOf(found))}`,
    ` with ${plainText(found.changes.map(({ text }) => text).join(', '))}`,
    to.dim(
      ` ${plural(turns.replayed, 'turn')} replayed, ${countText(turns.changed)} of them changed; ${measureNote[found.measure]}`,
    ),
    '',
    to.dim(
      ` ${'ms'.padEnd(4)} ${'as recorded'.padEnd(COLUMN)}${'with the change'.padEnd(COLUMN)}change, with 95 % intervals`,
    ),
    ...rows,
    ...list(
      `left out: ${plural(turns.read - turns.replayed, 'turn')} of ${countText(turns.read)}`,
      turns.read === turns.replayed
        ? []
        : found.leftOut.map(({ reason, turns: many }) => `${plural(many, 'turn')}: ${reason}`),
    ),
    ...list('assumed', [...new Set(assumed)]),
    ...list('not known', [...new Set(unknown)]),
    '',
  ].join('\n');
}
