import { type Estimate, wholeMs } from '@firstword/records';
import { type Cell, html, type Markup, table } from '@firstword/records/html';
import type { CompareCall } from '../calls.js';
import { cutOffText, FAILURE_HEADS, failureCountsRow, NONE } from '../failure-counts.js';
import type { CallOutcome, LineOutcome } from '../outcome.js';
import type { RatioEstimate } from '../ratio.js';
import type { ArmReport } from '../report.js';

const percent = (share: number | undefined) => (share === undefined ? NONE : `${Math.round(share * 100)} %`);

function estimate(value: Estimate | undefined): Markup | string {
  if (!value) return NONE;
  const { valueMs, lowMs, highMs } = value;
  return lowMs === undefined
    ? wholeMs(valueMs)
    : html`${wholeMs(valueMs)} <small>${wholeMs(lowMs)}–${wholeMs(highMs!)}</small>`;
}

/** A ratio with its interval, or `–`. */
export function ratioText(value: RatioEstimate | undefined): Markup | string {
  if (!value) return NONE;
  const { ratio, low, high } = value;
  return low === undefined
    ? ratio.toFixed(2)
    : html`${ratio.toFixed(2)} <small>${low.toFixed(2)}–${high!.toFixed(2)}</small>`;
}

/** Felt gap percentiles of each arm, and their ratios to the first one. */
export function gapTable(arms: readonly ArmReport[]): Markup {
  return table(
    ['arm', 'n', 'cut off', 'p50 ms', 'p95 ms', 'p99 ms', 'ratio p50', 'ratio p95', 'ratio p99'],
    arms.map((report) => {
      const { arm, gaps, versus } = report;
      return [
        arm,
        String(gaps?.count ?? 0),
        cutOffText(report),
        ...[gaps?.p50, gaps?.p95, gaps?.p99].map(estimate),
        ...[versus?.p50, versus?.p95, versus?.p99].map(ratioText),
      ];
    }),
  );
}

/** Failure counts of each arm. */
export function failureCountsTable(arms: readonly ArmReport[]): Markup {
  return table(FAILURE_HEADS, arms.map(failureCountsRow));
}

/** Speculation, tokens and CPU cost of each arm. */
export function costTable(arms: readonly ArmReport[]): Markup {
  return table(
    ['arm', 'speculated', 'kept', 'extra tokens', 'would fit', 'gap − delay ms', 'core', 'added'],
    arms.map(({ arm, speculation: s, fitted, cpu }) => [
      arm,
      `${s.startedTurns} of ${s.turns}`,
      percent(s.acceptance),
      percent(s.extraTokensShare),
      `${fitted.turns} of ${fitted.of}`,
      estimate(fitted.afterCommit),
      cpu ? `${(cpu.share * 100).toFixed(1)} %` : NONE,
      cpu?.added ? `${(cpu.added.share * 100).toFixed(1)} %` : NONE,
    ]),
  );
}

function flagsOf(line: LineOutcome): string[] {
  return [
    ...(line.cutOff ? ['cut off'] : []),
    ...(line.unanswered > 0 ? ['lost'] : []),
    ...(line.failed ? ['failed'] : []),
    ...(line.extraAnswers > 0 ? ['answered again'] : []),
    ...(line.wrong ? ['wrong'] : []),
    ...(line.misheard ? ['misheard'] : []),
    ...(line.stopped ? ['agent stopped'] : []),
  ];
}

function turnCell(line: LineOutcome | undefined): Cell {
  if (!line) return NONE;
  const flags = flagsOf(line).join(', ');
  return html`${line.gapMs === undefined ? NONE : wholeMs(line.gapMs)}${flags && html` <em>${flags}</em>`}`;
}

/** Every line of every round, with each arm's gap and failures. */
export function turnsTable(
  arms: readonly string[],
  calls: readonly CallOutcome[],
  script: readonly CompareCall[],
): Markup {
  const counted = calls.filter((call) => call.round > 0);
  const byArm = new Map(
    counted.flatMap(({ arm, round, call, lines }) =>
      lines.map((line): [string, LineOutcome] => [`${arm}/${round}/${call}/${line.line}`, line]),
    ),
  );
  const keys = counted.flatMap(({ round, call, lines }) =>
    lines.map(({ line, kind }) => ({ key: `${round}/${call}/${line}`, call, line, kind })),
  );
  const rows = [...new Map(keys.map((one) => [one.key, one])).values()].map(({ key, call, line, kind }) => {
    const words = script.find(({ id }) => id === call)?.lines[line - 1]?.parts.join(' … ');
    return [
      html`${key}<br><small>${kind}</small>`,
      words ?? NONE,
      ...arms.map((arm) => turnCell(byArm.get(`${arm}/${key}`))),
    ];
  });
  return table(['round/call/line', 'said', ...arms.map((arm) => `${arm} ms`)], rows);
}
