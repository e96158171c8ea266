import type { RenderOptions } from '@firstword/records';
import {
  countText,
  intervalText,
  measureNote,
  measureText,
  type Paint,
  paint,
  plainText,
  plural,
  wholeMs,
} from '@firstword/records';
import type { PercentileShift } from '../what-if/replay.js';
import type { ReplayedSilence } from '../what-if/silences.js';
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

/** How the result calls each silence, and what it is counted in. */
const SILENCES = {
  hello: {
    name: 'time to hello',
    note: 'from the caller’s arrival to the agent’s first audible sample',
    unit: 'call',
  },
  tool: {
    name: 'silence at tools',
    note: 'longest time without a sound in a turn with tools',
    unit: 'turn with tools',
  },
} as const;

interface Shown {
  name: string;
  note: string;
  unit: string;
  found: ReplayedSilence;
}

function shownIn({ gap, hello, tool }: WhatIf): Shown[] {
  return [
    ...(gap
      ? [{ name: measureText[gap.measure], note: measureNote[gap.measure], unit: 'turn', found: gap }]
      : []),
    ...(hello ? [{ ...SILENCES.hello, found: hello }] : []),
    ...(tool ? [{ ...SILENCES.tool, found: tool }] : []),
  ];
}

const many = (count: number, unit: string): string =>
  unit === SILENCES.tool.unit ? `${plural(count, 'turn')} with tools` : plural(count, unit);

function verdictOf({ name, found }: Shown): string {
  const part = (percentile: string, { before, after }: PercentileShift) =>
    `${percentile} ${wholeMs(before.valueMs)} → ${wholeMs(after.valueMs)} ms`;
  return `${name}: ${part('p50', found.p50)}, ${part('p95', found.p95)}`;
}

/** The figures of one silence, and what was left out of them. */
function section(shown: Shown, to: Paint): string[] {
  const { found, note, unit } = shown;
  const rows = (['p50', 'p95'] as const).map((name) => {
    const shift = found[name];
    return ` ${name.padEnd(4)} ${cell(shift.before)}${cell(shift.after)}${changeText(shift.saved)}`;
  });
  const left = found.read - found.replayed;
  return [
    ` ${to.strong(verdictOf(shown))}`,
    to.dim(` ${many(found.replayed, unit)} replayed, ${countText(found.changed)} of them changed; ${note}`),
    to.dim(
      ` ${'ms'.padEnd(4)} ${'as recorded'.padEnd(COLUMN)}${'with the change'.padEnd(COLUMN)}change, with 95 % intervals`,
    ),
    ...rows,
    ...(left === 0
      ? []
      : [
          ` left out: ${countText(left)} of ${many(found.read, unit)}`,
          ...found.leftOut.map(({ reason, count }) => ` · ${countText(count)}: ${plainText(reason)}`),
        ]),
    '',
  ];
}

/** The result of `whatIf` as text for a terminal. Lines end with a line feed. */
export function renderWhatIf(found: WhatIf, options: RenderOptions = {}): string {
  const to = paint(options.colour ?? false);
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0
      ? []
      : [` ${to.strong(title)}`, ...[...new Set(lines)].map((line) => ` · ${plainText(line)}`), ''];
  const lines = [
    ` with ${plainText(found.changes.map(({ text }) => text).join(', '))}`,
    '',
    ...shownIn(found).flatMap((shown) => section(shown, to)),
    ...list(
      'assumed',
      found.changes.flatMap(({ assumes }) => assumes),
    ),
    ...list(
      'not known',
      found.changes.flatMap(({ cannotKnow }) => cannotKnow),
    ),
  ];
  return `${lines.map((line) => line.trimEnd()).join('\n')}`;
}
