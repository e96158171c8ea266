import { paint, plainText, type RenderOptions } from '@firstword/records';
import type { ArmChange, RunComparison } from '../analyse/compare-runs.js';
import type { ArmDifference } from '../analyse/difference.js';
import { samplesToClose } from '../analyse/quantile.js';
import type { RunFile } from '../run-file.js';
import { estimateText, ms, rateText } from './format.js';
import { benchMarkdown, escaped, tableLines } from './markdown.js';
import type { Table } from './tables.js';
import { fitted, wrapped } from './text.js';

const signed = (value: number) => `${value >= 0.5 ? '+' : value <= -0.5 ? '−' : ''}${ms(Math.abs(value))}`;

/** `p95 rose by 310 ms (220–400)`, or that there is no significant difference or too little data. */
function differenceText({ percent, differenceMs, lowMs, highMs, verdict }: ArmDifference): string {
  const by = `by ${ms(Math.abs(differenceMs))} ms`;
  if (verdict === 'slower') return `p${percent} rose ${by} (${ms(lowMs)}–${ms(highMs)})`;
  if (verdict === 'faster') return `p${percent} fell ${by} (${ms(-highMs)}–${ms(-lowMs)})`;
  if (verdict === 'too-few')
    return `p${percent}: fewer than ${samplesToClose(percent)} answers, too few to compare`;
  return `p${percent}: no significant difference (${signed(lowMs)} to ${signed(highMs)} ms)`;
}

/** How one arm changed between the runs, in a sentence. */
export function armText({ armId, differences, errors }: ArmChange): string {
  const parts = differences.length === 0 ? ['no answer in one of the runs'] : differences.map(differenceText);
  const more = errors === 'no-difference-shown' ? [] : [`${errors} errors`];
  return `${plainText(armId)}: ${[...parts, ...more].join('; ')}`;
}

const named = (arms: readonly ArmChange[]) => arms.map(({ armId }) => plainText(armId)).join(', ');

/** The result of the whole comparison, in one or two sentences. */
export function comparisonVerdict({ arms }: RunComparison): string {
  if (arms.length === 0) return 'The runs have no arm in common, so there is nothing to compare.';
  const has = (verdict: ArmDifference['verdict']) => (change: ArmChange) =>
    change.differences.some((one) => one.verdict === verdict);
  const slower = arms.filter((change) => has('slower')(change) || change.errors === 'more');
  const faster = arms.filter((change) => has('faster')(change) || change.errors === 'fewer');
  const parts = [
    ...(slower.length > 0 ? [`worse: ${named(slower)}`] : []),
    ...(faster.length > 0 ? [`better: ${named(faster)}`] : []),
  ];
  if (parts.length > 0) {
    const text = parts.join('; ');
    return `${text[0]!.toUpperCase()}${text.slice(1)}. The other arms show no significant difference.`;
  }
  return arms.every(({ differences }) => differences.every(({ verdict }) => verdict === 'too-few'))
    ? 'Too few answers to compare; measure more turns.'
    : 'No significant difference. That does not prove there is none: more turns narrow the intervals.';
}

/** Both runs side by side: p50, p95 and errors of each arm that is in both. */
export function comparisonTable({ arms }: RunComparison): Table {
  const rows = arms.map(({ armId, old, now }) => [
    plainText(armId),
    estimateText(old.response?.p50),
    estimateText(now.response?.p50),
    estimateText(old.response?.p95),
    estimateText(now.response?.p95),
    rateText(old.failures),
    rateText(now.failures),
  ]);
  const heads = ['first content, ms', 'p50 old', 'new', 'p95 old', 'new', 'errors old', 'new'];
  return { title: 'Old and new run', heads, rows };
}

/** Notes that a reader needs to interpret a comparison: dates, changed settings, arms of one run only. */
export function comparisonNotes({ old, now, changedSettings, onlyOld, onlyNow }: RunComparison): string[] {
  const day = (at: string) => at.slice(0, 16).replace('T', ' ');
  const list = (ids: readonly string[]) => ids.map(plainText).join(', ');
  return [
    `old: ${day(old.startedAt)} UTC${old.partial ? ', partial' : ''}; new: ${day(now.startedAt)} UTC${now.partial ? ', partial' : ''}`,
    ...changedSettings.map((what) => `changed setting: ${plainText(what)}`),
    ...(onlyOld.length > 0 ? [`only in the old run: ${list(onlyOld)}`] : []),
    ...(onlyNow.length > 0 ? [`only in the new run: ${list(onlyNow)}`] : []),
    'The intervals of the differences hold jointly at 95 % over all of these comparisons.',
  ];
}

/** A comparison of two runs as text for a terminal of at least 80 columns. Ends with a line feed. */
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

/** A comparison of two runs as Markdown, followed by the report of the newer run. */
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
    '## New run',
    '',
  ];
  return `${lines.join('\n')}\n${benchMarkdown(now, found.now)}`;
}
