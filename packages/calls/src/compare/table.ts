import type { Estimate } from '@firstword/records';
import { alignColumns } from '@firstword/records';
import { cutOffText, FAILURE_HEADS, failureCountsRow, NONE } from './failure-counts.js';
import type { RatioEstimate } from './ratio.js';
import type { ArmReport, ComparisonReport } from './report.js';
import { type ComparisonTarget, otherArm } from './targets.js';

const ms = (value: number | undefined) => (value === undefined ? NONE : String(Math.round(value)));
const share = (value: number | undefined) => (value === undefined ? NONE : `${hundredths(value, 0)} %`);
const percent = (value: number | undefined) => (value === undefined ? NONE : hundredths(value, 1));
const hundredths = (value: number, digits: number) => {
  const text = (value * 100).toFixed(digits);
  return text.replace('-', Number(text) === 0 ? '' : '−');
};

function estimate(value: Estimate | undefined): string {
  if (!value) return NONE;
  if (value.lowMs === undefined) return ms(value.valueMs);
  return `${ms(value.valueMs)} (${ms(value.lowMs)}–${ms(value.highMs)})`;
}

function ratio(value: RatioEstimate | undefined): string {
  if (!value) return NONE;
  if (value.low === undefined || value.high === undefined) return value.ratio.toFixed(2);
  return `${value.ratio.toFixed(2)} (${value.low.toFixed(2)}–${value.high.toFixed(2)})`;
}

function gapTable(arms: readonly ArmReport[]): string {
  const rows = arms.map((report) => {
    const { arm, gaps } = report;
    return [
      arm,
      String(gaps?.count ?? 0),
      estimate(gaps?.p50),
      estimate(gaps?.p95),
      estimate(gaps?.p99),
      cutOffText(report),
    ];
  });
  return alignColumns([['arm', 'n', 'p50 ms', 'p95 ms', 'p99 ms', 'cut off'], ...rows]);
}

function ratioTable(arms: readonly ArmReport[]): string {
  const rows = arms.flatMap(({ arm, versus }) =>
    versus ? [[arm, String(versus.pairs), ratio(versus.p50), ratio(versus.p95), ratio(versus.p99)]] : [],
  );
  return alignColumns([['arm', 'pairs', 'p50', 'p95', 'p99'], ...rows]);
}

function failureCountsTable(arms: readonly ArmReport[]): string {
  return alignColumns([[...FAILURE_HEADS], ...arms.map(failureCountsRow)]);
}

function costTable(arms: readonly ArmReport[]): string {
  const rows = arms.map(({ arm, fitted, cpu, addedTokensShare }) => {
    const added = cpu?.added;
    const between = added?.interval && ` (${percent(added.interval.low)}–${percent(added.interval.high)})`;
    return [
      arm,
      `${fitted.turns} of ${fitted.of}`,
      estimate(fitted.afterCommit),
      percent(cpu?.share),
      added ? `${percent(added.share)}${between ?? ''}` : NONE,
      share(addedTokensShare),
    ];
  });
  const heads = ['arm', 'would fit', 'gap − delay ms', '% of a core', 'added % (95 %)', 'tokens'];
  return alignColumns([heads, ...rows]);
}

function speculationTable(arms: readonly ArmReport[]): string {
  const rows = arms.map(({ arm, speculation: s }) => [
    arm,
    `${s.startedTurns} of ${s.turns}`,
    s.acceptance === undefined ? NONE : `${s.keptTurns} (${share(s.acceptance)})`,
    ms(s.hiddenP50Ms),
    s.requestsPerTurn?.toFixed(1) ?? NONE,
    s.hedgesPerTurn?.toFixed(2) ?? NONE,
    share(s.extraTokensShare),
  ]);
  const heads = ['arm', 'started', 'kept', 'hid p50 ms', 'requests/turn', 'hedges', 'extra tokens'];
  return alignColumns([heads, ...rows]);
}

/** With more arms than this the table would exceed the terminal, so only the first arm and Firstword are shown. */
const MOST_BESIDE = 4;

function kindTable(all: readonly ArmReport[]): string {
  const other = otherArm(all.map(({ arm }) => arm));
  const arms = all.length > MOST_BESIDE ? all.filter(({ arm }, i) => i === 0 || arm === other) : all;
  const kinds = [...new Set(arms.flatMap((arm) => arm.byKind.map((k) => k.kind)))];
  const rows = kinds.map((kind) => [
    kind,
    ...arms.map(({ byKind }) => {
      const found = byKind.find((k) => k.kind === kind);
      if (!found) return NONE;
      return `${ms(found.p50Ms)} (${found.count})${found.cutOffs > 0 ? ` ${found.cutOffs} cut` : ''}`;
    }),
  ]);
  return alignColumns([['line', ...arms.map((arm) => arm.arm)], ...rows]);
}

/** A comparison as text for a terminal: gaps and ratios with 95 % intervals, failures, cost, speculation, kinds of lines. */
export function renderComparison({ arms }: ComparisonReport): string {
  const first = arms[0];
  if (!first) return '';
  const warmUps = arms.filter((arm) => arm.warmUpP50Ms !== undefined);
  const warmUp = warmUps.map((arm) => `${arm.arm} ${ms(arm.warmUpP50Ms)}`).join(', ');
  const sections = [
    ['Felt gap from the tapes, and lines cut off (95 % interval)', gapTable(arms)],
    ...(arms.length > 1
      ? [[`Ratio to ${first.arm}, paired by line (95 % interval; below 1 is faster)`, ratioTable(arms)]]
      : []),
    ...(warmUps.length > 0 ? [['Warm-up call, not counted (p50 ms)', ` ${warmUp}`]] : []),
    ['Failures', failureCountsTable(arms)],
    ['Turns whose LLM and TTS would fit into the commit delay, and the cost of a call', costTable(arms)],
    ['Speculation, from the turn records', speculationTable(arms)],
    ['Gap p50 ms by kind of line (n)', kindTable(arms)],
  ];
  return sections.map(([title, table]) => `${title}\n${table}`).join('\n\n');
}

/** The targets of each comparison with the measured values, as text for a terminal. */
export function renderTargets(
  all: readonly { name: string; targets: readonly ComparisonTarget[] }[],
): string {
  const rows = all.flatMap(({ name, targets }) =>
    targets.map(({ what, wanted, measured, met }) => [
      name,
      what,
      wanted,
      measured ?? NONE,
      met === undefined ? 'not measured' : met ? 'met' : 'MISSED',
    ]),
  );
  return alignColumns([['set-up', 'figure', 'target', 'measured', ''], ...rows]);
}
