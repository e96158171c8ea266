import { ownerText } from '@firstword/turn';
import { plainText, roundPercent } from '@firstword/turn/display';
import type { Percentiles } from '../report/percentiles.js';
import { type ReportGroup, SILENCES, type SilenceFigures, type TurnReport } from '../report/turn-report.js';
import type { RenderOptions } from './ledger.js';
import { type Paint, paint } from './paint.js';
import { textBar, toWidth } from './text-bar.js';
import {
  caveats,
  countText,
  dimensionTitle,
  failuresText,
  gainNote,
  groupName,
  headline,
  informativeDimensions,
  intervalText,
  measureNote,
  measureText,
  reportedText,
  silenceText,
  wholeMs,
  worstHeading,
  worstParts,
} from './words.js';

const MAX_ROWS = 5;
const MAX_SEGMENTS = 7;
const MAX_PARTS = 4;
const BLOCKS = '▁▂▃▄▅▆▇█';

function tableHead(title: string, to: Paint): string {
  const columns = `${'n'.padStart(8)}${'p50'.padStart(7)}${''.padEnd(12)}${'p90'.padStart(6)}${'p95'.padStart(7)}${''.padEnd(12)}${'p99'.padStart(6)}`;
  return ` ${to.strong(toWidth(title, 20))}${to.dim(columns)}`;
}

function row(name: string, turns: number, gap: Percentiles | undefined, to: Paint): string {
  const head = ` ${toWidth(name, 20)}${countText(gap?.count ?? turns).padStart(8)}`;
  if (!gap) return `${head}  ${to.dim('no gap known')}`;
  const cell = (at: 'p50' | 'p90' | 'p95' | 'p99', width: number) => wholeMs(gap[at].valueMs).padStart(width);
  const interval = (at: 'p50' | 'p95') => {
    const text = intervalText(gap[at]);
    return to.dim(` ${text === '' ? '' : `(${text})`}`.padEnd(12));
  };
  return `${head}${to.strong(cell('p50', 7))}${interval('p50')}${cell('p90', 6)}${to.strong(cell('p95', 7))}${interval('p95')}${cell('p99', 6)}`;
}

function table(title: string, groups: readonly ReportGroup[], omitted: number, to: Paint): string[] {
  const shown = groups.slice(-MAX_ROWS).length === groups.length ? groups : groups.slice(0, MAX_ROWS);
  const more = groups.length - shown.length + omitted;
  return [
    '',
    tableHead(title, to),
    ...shown.map((group) => row(groupName(group), group.turns, group.gap, to)),
    ...(more > 0 ? [to.dim(` and ${countText(more)} more, in --json`)] : []),
  ];
}

/** One block per step; a step without a felt gap is blank. */
function sparkline(values: readonly (number | undefined)[]): string {
  const known = values.filter((value) => value !== undefined);
  const low = Math.min(...known);
  const span = Math.max(...known) - low;
  const block = (value: number) => BLOCKS[span > 0 ? Math.round(((value - low) / span) * 7) : 3]!;
  return values.map((value) => (value === undefined ? ' ' : block(value))).join('');
}

function trend({ trend: { step, steps } }: TurnReport, width: number, to: Paint): string[] {
  const shown = steps.slice(-Math.max(8, width - 34));
  if (shown.length < 2) return [];
  const line = (at: 'p50' | 'p95') => {
    const values = shown.map(({ gap }) => gap?.[at].valueMs);
    const known = values.filter((value) => value !== undefined);
    if (known.length === 0) return '';
    const range = `${wholeMs(known[0]!)} → ${wholeMs(known.at(-1)!)} ms`;
    return ` ${at} ${sparkline(values)}  ${range}`;
  };
  const from = shown[0]!.at.slice(0, step === 'hour' ? 13 : 10).replace('T', ' ');
  const title = ` ${to.strong('trend')} ${to.dim(`by ${step}, from ${from}${step === 'hour' ? ':00' : ''} UTC`)}`;
  return ['', title, line('p50'), line('p95')];
}

function silence({ segments }: TurnReport, width: number, to: Paint): string[] {
  if (segments.length === 0) return [];
  const columns = Math.max(7, width - 73);
  const lines = segments.slice(0, MAX_SEGMENTS).flatMap((segment) => {
    const blocks = textBar({ fromMs: 0, toMs: 1, columns }, { fromMs: 0, toMs: segment.share });
    const percent = `${roundPercent(segment.share)} %`.padStart(7);
    const owner = toWidth(plainText(ownerText(segment.owner)), 28).trimEnd();
    const typical = `${wholeMs(segment.p50Ms).padStart(6)}${wholeMs(segment.p95Ms).padStart(6)}`;
    const note = gainNote(segment);
    return [
      ` ${toWidth(plainText(segment.name), 23)}${to.owner(segment.owner.kind, `${blocks}`)}${percent}${typical}  ${to.owner(segment.owner.kind, owner)}`,
      ...(note === '' ? [] : [to.dim(`   ${note}`)]),
    ];
  });
  const rest = segments.slice(MAX_SEGMENTS).reduce((sum, segment) => sum + segment.share, 0);
  const note =
    rest >= 0.0005 ? ` ${to.dim(`the rest${`${roundPercent(rest)} %`.padStart(22 + columns)}`)}` : '';
  return [
    '',
    ` ${to.strong('where the silence went')} ${to.dim('share of all gaps; p50 and p95 in ms')}`,
    ...lines,
    ...(note ? [note] : []),
  ];
}

/** How the time of a silence is divided: the largest parts, as many as fit. */
function partsText({ parts }: SilenceFigures, columns: number): string {
  let text = '';
  for (const { name, share, p50Ms } of parts.slice(0, MAX_PARTS)) {
    const part = `${plainText(name)} ${roundPercent(share)} % (p50 ${wholeMs(p50Ms)})`;
    const longer = text === '' ? part : `${text}, ${part}`;
    if (text !== '' && longer.length > columns) break;
    text = longer;
  }
  return text;
}

function otherSilences({ silences }: TurnReport, width: number, to: Paint): string[] {
  const found = SILENCES.flatMap((name) => (silences[name] ? [{ name, figures: silences[name] }] : []));
  if (found.length === 0) return [];
  const lines = found.flatMap(({ name, figures }) => [
    row(silenceText[name], figures.of, figures.gap, to),
    ...(figures.parts.length > 0 ? [to.dim(toWidth(`    ${partsText(figures, width - 4)}`, width))] : []),
    ...figures.problems.map(({ problem, count }) =>
      to.dim(toWidth(`    not known of ${countText(count)}: ${plainText(problem)}`, width)),
    ),
  ]);
  return ['', tableHead('other silences', to), ...lines];
}

function worst(report: TurnReport, width: number, to: Paint): string[] {
  if (report.worst.length === 0) return [];
  const lines = report.worst.flatMap((turn) => {
    const head = `${wholeMs(turn.gapMs).padStart(6)} ms  ${worstHeading(turn)}`;
    return [toWidth(head, width), to.dim(toWidth(`    ${worstParts(turn, 3)}`, width))];
  });
  return ['', ` ${to.strong('worst turns')}`, ...lines];
}

/** A report on one screen, at 80 columns or more. Lines end with a line feed. */
export function renderReport(report: TurnReport, options: RenderOptions = {}): string {
  const to = paint(options.colour ?? false);
  const width = Math.max(80, options.widthColumns ?? 80);
  const failed = failuresText(report.failures, report.turns);
  const lines = [...(failed ? [` ${to.warn(plainText(failed))}`] : []), ` ${headline(report)}`, ''];
  if (report.gap) {
    lines.push(tableHead('ms, 95 % intervals', to));
    lines.push(row(measureText[report.measure], report.turns, report.gap, to));
    if (report.measure === 'firstFrame') lines.push(to.warn(` ${measureNote.firstFrame}`));
  } else lines.push(` ${to.warn('no turn has a felt gap')}`);
  if (report.reported.length > 0) {
    lines.push('', tableHead('as reported by exports', to));
    lines.push(...report.reported.map(({ name, gap }) => row(reportedText[name] ?? name, 0, gap, to)));
  }
  lines.push(...otherSilences(report, width, to));
  for (const dimension of informativeDimensions(report)) {
    const omitted = report.omittedGroups[dimension] ?? 0;
    lines.push(...table(dimensionTitle[dimension], report.groups[dimension], omitted, to));
  }
  lines.push(...trend(report, width, to), ...silence(report, width, to), ...worst(report, width, to));
  const notes = caveats(report);
  if (notes.length > 0) lines.push('', ...notes.map((note) => to.dim(` ${note}`)));
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}
