import { plainText } from '@firstword/records';
import type { BenchArmReport } from '../analyse/arm-report.js';
import { PHASES, type PhaseName } from '../analyse/phases.js';
import { RANKED_PERCENTS, type Ranking } from '../analyse/ranking.js';
import type { BenchReport } from '../analyse/report.js';
import type { HedgeWhatIf } from '../analyse/what-if.js';
import {
  bestPairs,
  changeText,
  delayText,
  estimateText,
  extraText,
  gainText,
  ms,
  NONE,
  percentText,
  rankText,
  rateInterval,
  rateText,
  usd,
} from './format.js';

/** A table of text cells, shared by the terminal, Markdown and HTML renderers. The first column names the row. */
export interface Table {
  title: string;
  heads: readonly string[];
  rows: readonly (readonly string[])[];
}

/** Whether a table has at least one cell with a value, besides the row names. */
export const hasFigures = (table: Table | undefined): table is Table =>
  table?.rows.some(([, ...cells]) => cells.some((cell) => cell !== NONE)) ?? false;

/** How arms are named in tables and notes. */
export interface ArmNames {
  /** The name for the first column. */
  name(armId: string): string;
  /** A short name, for places with little room. */
  short(armId: string): string;
}

/** Arms by their full id everywhere. */
export const FULL_NAMES: ArmNames = { name: plainText, short: plainText };

const letter = (at: number): string =>
  `${at < 26 ? '' : letter(Math.floor(at / 26) - 1)}${String.fromCodePoint(65 + (at % 26))}`;

/** Arms with a letter in front (A, B, …), so that truncated names stay distinguishable. A single arm gets none. */
export function letteredNames(report: BenchReport): ArmNames {
  const ids = fastestFirst(report).map(({ arm }) => arm.id);
  if (ids.length < 2) return FULL_NAMES;
  const short = (armId: string) => letter(ids.indexOf(armId));
  return { short, name: (armId) => `${short(armId)} ${plainText(armId)}` };
}

const PERCENTILE_KEYS = ['p50', 'p90', 'p95', 'p99'] as const;
type PercentileKey = (typeof PERCENTILE_KEYS)[number];

const place = (rankings: readonly Ranking[], percent: number, armId: string) => {
  const ranked = rankings.filter((one) => one.percent === percent).flatMap(({ arms }) => arms);
  const found = ranked.find((one) => one.armId === armId);
  return found ? rankText(found) : NONE;
};

/** The arms of a report by p50, fastest first. Arms without an answer come last. */
export function fastestFirst({ arms, rankings }: BenchReport): BenchArmReport[] {
  const order = rankings
    .filter(({ percent }) => percent === 50)
    .flatMap((ranking) => ranking.arms.map(({ armId }) => armId));
  const at = ({ arm }: BenchArmReport) => (order.includes(arm.id) ? order.indexOf(arm.id) : order.length);
  return [...arms].sort((a, b) => at(a) - at(b));
}

/**
 * Time to first content: count, percentiles with intervals, and ranks.
 * @param options.keys percentiles to show; default all four
 */
export function timesTable(
  report: BenchReport,
  options: { keys?: readonly PercentileKey[]; naming?: ArmNames } = {},
): Table {
  const { keys = PERCENTILE_KEYS } = options;
  const { name } = options.naming ?? FULL_NAMES;
  const ranked = RANKED_PERCENTS.filter(
    (percent) => report.rankings.length > 0 && keys.includes(`p${percent}`),
  );
  const rankHeads = ranked.map((percent, at) => (at === 0 ? `rank p${percent}` : `p${percent}`));
  const heads = ['first content, ms', 'n', ...keys, ...rankHeads];
  const answered = report.arms.some(({ response }) => response);
  const rows = (answered ? fastestFirst(report) : []).map((one) => [
    name(one.arm.id),
    String(one.response?.count ?? 0),
    ...keys.map((key) => estimateText(one.response?.[key])),
    ...ranked.map((percent) => place(report.rankings, percent, one.arm.id)),
  ]);
  return { title: 'Time to first content', heads, rows };
}

function variantsTitle({ arms }: BenchReport): string {
  if (arms.every(({ arm }) => !arm.kind)) return 'Effect of request settings on first content';
  const isSpeech = arms.every(({ arm }) => arm.kind === 'stt' || arm.kind === 'tts');
  return isSpeech ? 'Effect of the connection' : 'Effect of settings';
}

/** The effect of each varied request setting on p50 and p95; `undefined` where nothing was varied. */
export function variantsTable(report: BenchReport, { short }: ArmNames = FULL_NAMES): Table | undefined {
  const inFull = short === FULL_NAMES.short;
  const rows = report.variants.map(({ armId, baselineId, changed, baseline, differences }) => [
    inFull ? plainText(armId) : `${short(baselineId)} → ${short(armId)}`,
    inFull ? `${changed} instead of ${baseline}` : changed,
    ...[50, 95].map((percent) => changeText(differences.find((one) => one.percent === percent))),
  ]);
  const heads = ['ms', 'changed', 'p50', 'p95'];
  return rows.length === 0 ? undefined : { title: variantsTitle(report), heads, rows };
}

const kindsText = ({ failures }: BenchArmReport) =>
  (failures?.kinds ?? []).map(({ kind, count }) => `${plainText(kind)} ${count}`).join(', ') || NONE;

/**
 * Stragglers, errors by kind, and cost of each arm.
 * @param options.narrow leaves out the intervals; default false
 */
export function steadinessTable(
  report: BenchReport,
  options: { narrow?: boolean; naming?: ArmNames } = {},
): Table {
  const { name } = options.naming ?? FULL_NAMES;
  const intervals = (...cells: string[]) => (options.narrow ? [] : cells);
  const rows = fastestFirst(report).map((one) => [
    name(one.arm.id),
    rateText(one.stragglers),
    ...intervals(rateInterval(one.stragglers)),
    ms(one.stragglers?.overMs),
    rateText(one.failures),
    ...intervals(rateInterval(one.failures)),
    kindsText(one),
    one.cost ? usd(one.cost.perThousandUsd) : NONE,
  ]);
  const heads = [
    'arm',
    'stragglers',
    ...intervals('95 %'),
    'over ms',
    'errors',
    ...intervals('95 %'),
    'kinds',
    'per 1,000',
  ];
  return { title: 'Stragglers, errors, cost', heads, rows };
}

/** The felt gap that a caller would have with each arm, given the other stages of the turn. */
export function feltTable(report: BenchReport, { name }: ArmNames = FULL_NAMES): Table {
  const rows = fastestFirst(report).map((one) => [
    name(one.arm.id),
    ms(one.firstClause?.p50.valueMs),
    ms(one.felt?.p50Ms),
    ms(one.felt?.p95Ms),
    one.felt ? percentText(one.felt.overOneSecond) : NONE,
    one.felt ? percentText(one.felt.overTwoSeconds) : NONE,
  ]);
  const heads = ['arm', 'clause p50', 'gap p50', 'gap p95', 'over 1 s', 'over 2 s'];
  return { title: 'Felt gap with these models', heads, rows };
}

const PHASE_HEADS: Record<PhaseName, string> = {
  dns: 'DNS',
  tcp: 'TCP',
  tls: 'TLS',
  connection: 'wait',
  request: 'send',
  headers: 'headers',
  firstDelta: 'delta',
  firstContent: 'content',
  firstClause: 'clause',
  end: 'end',
};

const phaseText = (phase: PhaseName): string => PHASE_HEADS[phase];

/** Phases left out on a narrow terminal. */
const WIDE_ONLY: readonly PhaseName[] = ['connection', 'end'];

/**
 * Medians of the consecutive phases, and the queue and prefill times that providers report.
 * @param options.narrow leaves out the least informative phases; default false
 */
export function phasesTable(
  report: BenchReport,
  options: { narrow?: boolean; naming?: ArmNames } = {},
): Table {
  const { name } = options.naming ?? FULL_NAMES;
  const left = options.narrow ? WIDE_ONLY : [];
  const seen = PHASES.filter(
    (phase) =>
      !left.includes(phase) && report.arms.some(({ phases }) => phases.some((one) => one.phase === phase)),
  );
  const reported = report.arms.some(
    ({ usage }) => usage.queueP50Ms !== undefined || usage.prefillP50Ms !== undefined,
  );
  const rows = fastestFirst(report).map((one) => [
    name(one.arm.id),
    ...seen.map((phase) => ms(one.phases.find((figures) => figures.phase === phase)?.p50Ms)),
    ...(reported ? [ms(one.usage.queueP50Ms), ms(one.usage.prefillP50Ms)] : []),
  ]);
  const heads = ['p50, ms', ...seen.map(phaseText), ...(reported ? ['reported: queue', 'prefill'] : [])];
  return { title: 'Where the time goes: consecutive phases', heads, rows };
}

/** Tokens and request size (medians), and the lowest remaining rate limits where a provider reported them. */
export function usageTable(report: BenchReport, { name }: ArmNames = FULL_NAMES): Table {
  const limited = report.arms.some(
    ({ usage }) => usage.minRequestsRemaining !== undefined || usage.minTokensRemaining !== undefined,
  );
  const rows = fastestFirst(report).map((one) => {
    const { usage } = one;
    const count = (value: number | undefined) => (value === undefined ? NONE : String(Math.round(value)));
    return [
      name(one.arm.id),
      count(usage.promptTokensP50),
      usage.cachedShare === undefined ? NONE : percentText(usage.cachedShare),
      count(usage.completionTokensP50),
      count(usage.reasoningTokensP50),
      count(usage.tokensPerSecondP50),
      count(usage.bodyBytesP50),
      ...(limited ? [count(usage.minRequestsRemaining), count(usage.minTokensRemaining)] : []),
    ];
  });
  const heads = [
    'arm',
    'prompt',
    'cached',
    'answer',
    'reasoning',
    'tokens/s',
    'bytes sent',
    ...(limited ? ['requests left', 'tokens left'] : []),
  ];
  const title = `Tokens (p50) and bytes${limited ? '; lowest remaining rate limits' : ''}`;
  return { title, heads, rows };
}

/** Time to first content by prompt language; `undefined` where only one language was used. */
export function languagesTable(report: BenchReport, { short }: ArmNames = FULL_NAMES): Table | undefined {
  const rows = fastestFirst(report).flatMap((one) =>
    one.byLanguage.map(({ language, response }) => [
      `${short(one.arm.id)} · ${language}`,
      String(response.count),
      estimateText(response.p50),
      estimateText(response.p95),
    ]),
  );
  return rows.length === 0
    ? undefined
    : { title: 'By language', heads: ['first content, ms', 'n', 'p50', 'p95'], rows };
}

const WHAT_IF_HEADS = ['pair', 'hedged after', 'p50', 'p95', 'p99', 'p95 change', 'extra'];

/**
 * Simulated hedges: each primary with its best backup.
 * @param options.all lists every pair; default false
 * @param options.percents hedge delays to show, as percentiles of the primary; default all
 */
export function whatIfTable(
  report: BenchReport,
  options: { all?: boolean; percents?: readonly number[]; naming?: ArmNames } = {},
): Table | undefined {
  const { short } = options.naming ?? FULL_NAMES;
  const { percents } = options;
  const rowsOf = (pair: HedgeWhatIf) =>
    pair.rows
      .filter(({ delayPercent }) => percents?.includes(delayPercent) ?? true)
      .map((row) => [
        `${short(pair.primary)} → ${short(pair.backup)}`,
        delayText(row),
        ms(row.p50Ms),
        ms(row.p95Ms),
        ms(row.p99Ms),
        gainText(row),
        extraText(row),
      ]);
  const pairs = options.all ? report.whatIf : bestPairs(report);
  const rows = pairs.flatMap((pair) => {
    const { p50Ms, p95Ms, p99Ms } = pair.alone;
    return [
      [`${short(pair.primary)} alone`, NONE, ms(p50Ms), ms(p95Ms), ms(p99Ms), NONE, NONE],
      ...rowsOf(pair),
    ];
  });
  return rows.length === 0 ? undefined : { title: 'Simulated hedging', heads: WHAT_IF_HEADS, rows };
}
