import type { SoakFile, SoakProcess } from './soak-file.js';
import { WARM_UP_MINUTES } from './trend.js';

const WIDTH = 760;
const PANEL_HEIGHT = 190;
const LEFT = 56;
const RIGHT = 16;
const TOP = 34;
const BOTTOM = 30;
const PLOT_WIDTH = WIDTH - LEFT - RIGHT;
const PLOT_HEIGHT = PANEL_HEIGHT - TOP - BOTTOM;

const LINES: Record<SoakProcess, { name: string; colour: string; dash: string }> = {
  calls: { name: 'process of the calls', colour: '#1f6feb', dash: '' },
  stt: { name: 'process of the speech-to-text', colour: '#c2410c', dash: '5 3' },
};

interface Panel {
  title: string;
  value(sample: SoakFile['samples'][number], process: SoakProcess): number;
}

const PANELS: Panel[] = [
  { title: 'Resident memory, MB', value: ({ processes }, name) => processes[name].residentMb },
  { title: 'Open file descriptors', value: ({ processes }, name) => processes[name].descriptors },
];

/** A round number that is at least `value`, for the end of an axis. */
function roundUp(value: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((factor) => factor * magnitude).find((end) => end >= value)!;
}

function panelSvg(file: SoakFile, panel: Panel, top: number): string {
  const { samples } = file;
  const lastMinute = Math.max(1, samples.at(-1)?.minute ?? 1);
  const most = Math.max(...samples.flatMap((s) => [panel.value(s, 'calls'), panel.value(s, 'stt')]), 1);
  const end = roundUp(most);
  const x = (minute: number) => LEFT + (minute / lastMinute) * PLOT_WIDTH;
  const y = (value: number) => top + TOP + PLOT_HEIGHT * (1 - value / end);
  const at = (value: number) => value.toFixed(1);
  const parts = [
    `<text x="${LEFT}" y="${top + 18}" font-weight="bold">${panel.title}</text>`,
    `<rect x="${LEFT}" y="${at(y(end))}" width="${at(x(Math.min(WARM_UP_MINUTES, lastMinute)) - LEFT)}" height="${PLOT_HEIGHT}" fill="#eee"/>`,
  ];
  for (const share of [0, 0.5, 1]) {
    const line = y(end * share);
    parts.push(
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at(line)}" y2="${at(line)}" stroke="#ccc"/>`,
      `<text x="${LEFT - 6}" y="${at(line + 4)}" text-anchor="end">${end * share}</text>`,
    );
  }
  for (const [name, { colour, dash }] of Object.entries(LINES)) {
    const points = samples.map((s) => `${at(x(s.minute))},${at(y(panel.value(s, name as SoakProcess)))}`);
    parts.push(
      `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="1.5" stroke-dasharray="${dash}"/>`,
    );
  }
  for (let minute = 0; minute <= lastMinute; minute += lastMinute > 45 ? 15 : 5) {
    parts.push(
      `<text x="${at(x(minute))}" y="${top + PANEL_HEIGHT - 12}" text-anchor="middle">${minute}</text>`,
    );
  }
  return parts.join('\n');
}

/** Descriptors and resident memory of both processes over the minutes of a run, as an SVG document. */
export function soakPlot(file: SoakFile): string {
  const height = PANELS.length * PANEL_HEIGHT + 26;
  const legend = Object.values(LINES).map(({ name, colour, dash }, i) => {
    const left = LEFT + i * 220;
    return `<line x1="${left}" x2="${left + 26}" y1="${height - 12}" y2="${height - 12}" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/><text x="${left + 32}" y="${height - 8}">${name}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12" role="img" aria-label="Resident memory and open file descriptors over the minutes of the run; the warm-up is grey">
<rect width="100%" height="100%" fill="#fff"/>
${PANELS.map((panel, i) => panelSvg(file, panel, i * PANEL_HEIGHT)).join('\n')}
${legend.join('\n')}
<text x="${WIDTH - RIGHT}" y="${height - 8}" text-anchor="end">minutes; grey: warm-up, not counted</text>
</svg>
`;
}
