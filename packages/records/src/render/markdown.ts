import { ownerText } from '@firstword/turn';
import { plainText, roundPercent } from '@firstword/turn/display';
import type { ReportComparison } from '../report/compare-reports.js';
import type { Percentiles } from '../report/percentiles.js';
import { SILENCES, type TurnReport } from '../report/turn-report.js';
import { differenceText, failuresComparedText, verdictText } from './verdict.js';
import {
  caveats,
  countText,
  dimensionTitle,
  failuresText,
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

const PERCENTILES = ['p50', 'p90', 'p95', 'p99'] as const;

/** Text from a file, escaped for Markdown and HTML. */
export const markdownCell = (text: string): string =>
  plainText(text).replace(/[\\`*_[\]<>|]/g, (sign) => `\\${sign}`);

/**
 * A sentence of our own with names from a file in it. The parts between backticks stay code; the rest is escaped. A backtick
 * without a partner is escaped too.
 */
export function markdownSentence(text: string): string {
  const pieces = plainText(text).split(/`([^`]*)`/);
  return pieces.map((piece, at) => (at % 2 === 1 ? `\`${piece}\`` : markdownCell(piece))).join('');
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, at) => (at === 0 ? '---' : '---:'))), ...rows.map(line)];
}

function figures(turns: number, gap: Percentiles | undefined): string[] {
  if (!gap) return [countText(turns), ...PERCENTILES.map(() => '–')];
  const values = PERCENTILES.map((name) => {
    const interval = intervalText(gap[name]);
    return `${wholeMs(gap[name].valueMs)}${interval === '' ? '' : ` (${interval})`}`;
  });
  return [countText(gap.count), ...values];
}

const HEAD = ['n', ...PERCENTILES];

/** What each other silence is made of, and why it is not known of some. */
function silenceParts({ silences }: TurnReport): string[] {
  return SILENCES.flatMap((name) => {
    const { parts = [], problems = [] } = silences[name] ?? {};
    const shown = parts.filter(({ share }) => share >= 0.005);
    const of = shown.map(
      ({ name: part, owner, share, p50Ms, p95Ms }) =>
        `${markdownCell(part)} (${markdownCell(ownerText(owner))}) ${roundPercent(share)} %, p50 ${wholeMs(p50Ms)}, p95 ${wholeMs(p95Ms)} ms`,
    );
    return [
      ...(of.length > 0 ? [`- ${silenceText[name]}: ${of.join('; ')}`] : []),
      ...problems.map(
        ({ problem, count }) =>
          `- ${silenceText[name]} not known of ${countText(count)}: ${markdownCell(problem)}`,
      ),
    ];
  });
}

/** A report as Markdown, to paste into a forum or an issue. Lines end with a line feed. */
export function reportMarkdown(report: TurnReport): string {
  const failed = failuresText(report.failures, report.turns);
  const lines = [...(failed ? [`**${markdownCell(failed)}**`, ''] : []), markdownCell(headline(report)), ''];
  const whole = [measureText[report.measure], ...figures(report.turns, report.gap)];
  lines.push(...tableOf(['ms (95 % interval)', ...HEAD], [whole]));
  if (report.measure === 'firstFrame') lines.push('', `${measureNote.firstFrame}.`);
  if (report.reported.length > 0) {
    const rows = report.reported.map(({ name, gap }) => [reportedText[name] ?? name, ...figures(0, gap)]);
    lines.push('', ...tableOf(['as reported by exports', ...HEAD], rows));
  }
  const silences = SILENCES.flatMap((name) => {
    const figuresOf = report.silences[name];
    return figuresOf ? [[silenceText[name], ...figures(figuresOf.of, figuresOf.gap)]] : [];
  });
  if (silences.length > 0) {
    lines.push('', ...tableOf(['other silences', ...HEAD], silences));
    lines.push(...silenceParts(report).flatMap((line, at) => (at === 0 ? ['', line] : [line])));
  }
  for (const dimension of informativeDimensions(report)) {
    const rows = report.groups[dimension].map((group) => [
      markdownCell(groupName(group)),
      ...figures(group.turns, group.gap),
    ]);
    lines.push('', ...tableOf([dimensionTitle[dimension], ...HEAD], rows));
  }
  if (report.segments.length > 0) {
    const rows = report.segments
      .filter(({ share }) => share >= 0.005)
      .map(({ name, owner, share, p50Ms, p95Ms, gain }) => [
        markdownCell(name),
        markdownCell(ownerText(owner)),
        `${roundPercent(share)} %`,
        wholeMs(p50Ms),
        wholeMs(p95Ms),
        gain ? wholeMs(gain.p50Ms) : '–',
        gain ? wholeMs(gain.p95Ms) : '–',
      ]);
    lines.push(
      '',
      ...tableOf(
        ['where the silence went, ms', 'owner', 'share', 'p50', 'p95', 'gain p50', 'gain p95'],
        rows,
      ),
    );
  }
  if (report.worst.length > 0) {
    lines.push('', 'Worst turns:', '');
    for (const turn of report.worst) {
      lines.push(
        `- **${wholeMs(turn.gapMs)} ms** ${markdownCell(worstHeading(turn))}: ${markdownCell(worstParts(turn, 20))}`,
      );
    }
  }
  const notes = caveats(report);
  if (notes.length > 0) lines.push('', ...notes.map((note) => `- ${markdownCell(note.trim())}`));
  return `${lines.join('\n')}\n`;
}

/** A comparison as Markdown. */
export function reportComparisonMarkdown(comparison: ReportComparison): string {
  const { a, b, measure, differences } = comparison;
  const rows = differences.map((one) => [
    `p${one.percent}`,
    wholeMs(one.aMs),
    wholeMs(one.bMs),
    differenceText(one),
  ]);
  const changed = comparison.segments
    .filter(({ aMs, bMs }) => Math.abs(bMs - aMs) >= 1)
    .map(({ name, aMs, bMs }) => [markdownCell(name), wholeMs(aMs), wholeMs(bMs)]);
  const failed = failuresComparedText(comparison);
  const lines = [
    ...(failed ? [`**${markdownCell(failed)}**`, ''] : []),
    `A: ${markdownCell(headline(a))}  `,
    `B: ${markdownCell(headline(b))}`,
    '',
    `**${verdictText(comparison)}**`,
  ];
  if (measure === 'firstFrame') lines.push('', `${measureNote.firstFrame}.`);
  if (rows.length > 0)
    lines.push('', ...tableOf([`${measureText[measure]}, ms`, 'A', 'B', 'difference'], rows));
  if (changed.length > 0) lines.push('', ...tableOf(['ms of an average turn', 'A', 'B'], changed));
  return `${lines.join('\n')}\n`;
}
