import { roundPercent } from '@firstword/turn/display';
import type { Distribution, Estimate } from '../report/distribution.js';
import type { Share, Summary } from '../report/summary.js';
import { answeredBy, type RenderOptions } from './ledger.js';
import { type Paint, paint } from './paint.js';
import { msText, textBar, toWidth } from './text-bar.js';
import { failuresText, gainNote } from './words.js';

const NAME_COLUMNS = 28;
/** Below this many turns the slowest one is the p99. */
const P99_TURNS = 100;

const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;

function estimate(name: string, value: Estimate, to: Paint): string {
  const interval =
    value.lowMs === undefined ? '' : `(${Math.round(value.lowMs)}–${Math.round(value.highMs!)})`;
  return ` ${name}  ${to.strong(msText(value.valueMs).padStart(8))}  ${to.dim(interval)}`.trimEnd();
}

function feltGap(found: Distribution, to: Paint): string[] {
  const lines = [
    ` ${to.strong('felt gap')}  ${to.dim(`n ${found.count}, with 95 % intervals`)}`,
    estimate('p50', found.p50, to),
    estimate('p95', found.p95, to),
    estimate('p99', found.p99, to),
  ];
  if (found.count < P99_TURNS)
    lines.push(to.dim(` under ${P99_TURNS} turns, the p99 is about the slowest turn that was seen`));
  return lines;
}

function shareRows(share: Share, widthColumns: number, to: Paint, hidden: boolean): string[] {
  const columns = Math.max(8, widthColumns - NAME_COLUMNS - 33);
  const axis = { fromMs: 0, toMs: 1, columns };
  const blocks = textBar(axis, { fromMs: 0, toMs: share.share }, hidden);
  const percent = `${roundPercent(share.share)} %`.padStart(7);
  const typical = `p50 ${msText(share.p50Ms)}`.padStart(12);
  const turns = `n ${share.turns}`.padStart(7);
  const name = toWidth(share.name, NAME_COLUMNS);
  const note = gainNote(share);
  return [
    ` ${name} ${to.owner(share.owner.kind, blocks)} ${hidden ? '       ' : percent} ${typical} ${to.dim(turns)}`,
    ...(note === '' ? [] : [to.dim(`   ${note}`)]),
  ];
}

function section(
  title: string,
  shares: readonly Share[],
  widthColumns: number,
  to: Paint,
  hidden = false,
): string[] {
  if (shares.length === 0) return [];
  return [
    '',
    ` ${to.strong(title)}`,
    ...shares.flatMap((share) => shareRows(share, widthColumns, to, hidden)),
  ];
}

/** A summary as text, for people. Lines end with a line feed. */
export function renderSummary(summary: Summary, options: RenderOptions = {}): string {
  const to = paint(options.colour ?? false);
  const width = Math.max(60, options.widthColumns ?? 80);
  const llms = summary.llms.map((llm) =>
    summary.llms.length > 1 ? `${answeredBy(llm)} × ${llm.turns}` : answeredBy(llm),
  );
  const failed = failuresText(summary.failures, summary.turns);
  const lines = [
    ...(failed ? [` ${to.warn(failed)}`] : []),
    ` ${[plural(summary.turns, 'turn'), plural(summary.calls, 'call'), ...llms].join(' · ')}`,
    '',
  ];
  if (summary.feltGap) lines.push(...feltGap(summary.feltGap, to));
  else lines.push(` ${to.warn('no turn has a felt gap')}`);
  for (const { problem, turns } of summary.problems)
    lines.push(` ${to.warn(`${plural(turns, 'turn')} without: ${problem}`)}`);
  if (summary.interrupted > 0) lines.push(` ${plural(summary.interrupted, 'answer')} stopped by the caller`);
  lines.push(
    ...section('who owns the silence', summary.byOwner, width, to),
    ...section(
      'what it is made of',
      summary.bySegment.filter((share) => share.share >= 0.005),
      width,
      to,
    ),
    ...section('hidden, not added', summary.hidden, width, to, true),
  );
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}
