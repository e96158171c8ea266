import { paint, plainText, type RenderOptions } from '@firstword/records';
import type { ArmChange, RunComparison } from '../analyse/compare-runs.js';
import type { Difference } from '../analyse/difference.js';
import { samplesToClose } from '../analyse/quantile.js';
import type { RunFile } from '../run-file.js';
import { benchMarkdown, escaped, tableLines } from './markdown.js';
import type { Table } from './tables.js';
import { fitted, wrapped } from './text.js';
import { countOf, estimateText, ms } from './words.js';

const signed = (value: number) => `${value >= 0.5 ? '+' : value <= -0.5 ? '−' : ''}${ms(Math.abs(value))}`;

/** `p95 rose by 310 ms (220–400)`, or that this cannot be told. */
function differenceText({ percent, differenceMs, lowMs, highMs, verdict }: Difference): string {
  const by = `by ${ms(Math.abs(differenceMs))} ms`;
  if (verdict === 'slower') return `p${percent} rose ${by} (${ms(lowMs)}–${ms(highMs)})`;
  if (verdict === 'faster') return `p${percent} fell ${by} (${ms(-highMs)}–${ms(-lowMs)})`;
  if (verdict === 'too-few') return `p${percent}: under ${samplesToClose(percent)} answers, too few to tell`;
  return `p${percent}: no difference shown (${signed(lowMs)} to ${signed(highMs)} ms)`;
}

/** What became of one arm, in a sentence. */
export function armText({ armId, differences, errors }: ArmChange): string {
  const parts =
    differences.length === 0 ? ['never answered in one of the runs'] : differences.map(differenceText);
  const more = errors === 'no-difference-shown' ? [] : [`${errors} errors`];
  return `${plainText(armId)}: ${[...parts, ...more].join('; ')}`;
}

const named = (arms: readonly ArmChange[]) => arms.map(({ armId }) => plainText(armId)).join(', ');

/** One sentence on the whole. */
export function comparisonVerdict({ arms }: RunComparison): string {
  if (arms.length === 0) return 'The runs have no arm in common: there is nothing to compare.';
  const has = (verdict: Difference['verdict']) => (change: ArmChange) =>
    change.differences.some((one) => one.verdict === verdict);
  const slower = arms.filter((change) => has('slower')(change) || change.errors === 'more');
  const faster = arms.filter((change) => has('faster')(change) || change.errors === 'fewer');
  const parts = [
    ...(slower.length > 0 ? [`worse: ${named(slower)}`] : []),
    ...(faster.length > 0 ? [`better: ${named(faster)}`] : []),
  ];
  if (parts.length > 0) {
    const text = parts.join('; ');
    return `${text[0]!.toUpperCase()}${text.slice(1)}. For the others no difference is shown.`;
  }
  return arms.every(({ differences }) => differences.every(({ verdict }) => verdict === 'too-few'))
    ? 'Too few answers to tell; more turns would.'
    : 'No difference is shown. That is not the same as none: more turns would tell.';
}

export function comparisonTable({ arms }: RunComparison): Table {
  const rows = arms.map(({ armId, old, now }) => [
    plainText(armId),
    estimateText(old.response?.p50),
    estimateText(now.response?.p50),
    estimateText(old.response?.p95),
    estimateText(now.response?.p95),
    countOf(old.failures),
    countOf(now.failures),
  ]);
  const heads = ['first content, ms', 'p50 then', 'now', 'p95 then', 'now', 'errors then', 'now'];
  return { title: 'Then and now', heads, rows };
}

/** What has to be known with a comparison. */
export function comparisonNotes({ old, now, otherwise, onlyOld, onlyNow }: RunComparison): string[] {
  const day = (at: string) => at.slice(0, 16).replace('T', ' ');
  const list = (ids: readonly string[]) => ids.map(plainText).join(', ');
  return [
    `then: ${day(old.startedAt)} UTC${old.partial ? ', partial' : ''}; now: ${day(now.startedAt)} UTC${now.partial ? ', partial' : ''}`,
    ...otherwise.map((what) => `asked otherwise: ${plainText(what)}`),
    ...(onlyOld.length > 0 ? [`only then: ${list(onlyOld)}`] : []),
    ...(onlyNow.length > 0 ? [`only now: ${list(onlyNow)}`] : []),
    'Intervals of differences are held to 95 % for all of these comparisons together.',
  ];
}

/** A comparison on a terminal. Lines end with a line feed. */
export function renderRunComparison(found: RunComparison, options: RenderOptions = {}): string {
  const to = paint(options.colour ?? false);
  const width = Math.max(80, options.widthColumns ?? 80);
  const say = (text: string) => wrapped(text, width - 2).map((line) => ` ${line}`);
  const table = found.arms.length > 0 ? ['', fitted(comparisonTable(found), width)] : [];
  const lines = [
    ...say(comparisonVerdict(found)).map(to.strong),
    '',
    ...found.arms.flatMap((change) => say(armText(change))),
    ...table,
    '',
    ...comparisonNotes(found).flatMap((note) => say(`– ${note}`).map(to.dim)),
  ];
  return `${lines.join('\n')}\n`;
}

/** A comparison as Markdown, above the newer run itself. */
export function runComparisonMarkdown(found: RunComparison, now: RunFile): string {
  const lines = [
    `**${escaped(comparisonVerdict(found))}**`,
    '',
    ...found.arms.map((change) => `- ${escaped(armText(change))}`),
    '',
    ...tableLines(comparisonTable(found)),
    '',
    ...comparisonNotes(found).map((note) => `- ${escaped(note)}`),
    '',
    '## Now',
    '',
  ];
  return `${lines.join('\n')}\n${benchMarkdown(now, found.now)}`;
}
