import { plainText } from '@firstword/records';
import type { ArmReport } from '../analyse/arm-report.js';
import { PHASES, type PhaseName } from '../analyse/phases.js';
import { RANKED, type Ranking } from '../analyse/ranking.js';
import type { BenchReport } from '../analyse/report.js';
import type { WhatIf } from '../analyse/what-if.js';
import {
  bestPairs,
  changeText,
  countOf,
  delayText,
  estimateText,
  extraText,
  gainText,
  ms,
  NONE,
  percentText,
  placeText,
  rateInterval,
  usd,
} from './words.js';

/** A table in words: a terminal, Markdown and a page show the same ones. The first column names the row. */
export interface Table {
  title: string;
  heads: readonly string[];
  rows: readonly (readonly string[])[];
}

/** Whether a table has anything to tell besides its names. */
export const tells = (table: Table | undefined): table is Table =>
  table?.rows.some(([, ...cells]) => cells.some((cell) => cell !== NONE)) ?? false;

/** What arms are called: in full, and where there is little room. */
export interface Naming {
  name(armId: string): string;
  short(armId: string): string;
}

export const IN_FULL: Naming = { name: plainText, short: plainText };

const letter = (at: number): string =>
  `${at < 26 ? '' : letter(Math.floor(at / 26) - 1)}${String.fromCodePoint(65 + (at % 26))}`;

/** With a letter before each, so that names that are cut can still be told apart. A lone arm needs none. */
export function lettered(report: BenchReport): Naming {
  const ids = ordered(report).map(({ arm }) => arm.id);
  if (ids.length < 2) return IN_FULL;
  const short = (armId: string) => letter(ids.indexOf(armId));
  return { short, name: (armId) => `${short(armId)} ${plainText(armId)}` };
}

const PERCENTILE_KEYS = ['p50', 'p90', 'p95', 'p99'] as const;
type PercentileKey = (typeof PERCENTILE_KEYS)[number];

const place = (rankings: readonly Ranking[], percent: number, armId: string) => {
  const found = rankings.find((one) => one.percent === percent)?.arms.find((one) => one.armId === armId);
  return found ? placeText(found) : NONE;
};

/** Fastest first; who never answered comes last. */
export function ordered({ arms, rankings }: BenchReport): ArmReport[] {
  const order = rankings.find(({ percent }) => percent === 50)?.arms.map(({ armId }) => armId) ?? [];
  const at = ({ arm }: ArmReport) => (order.includes(arm.id) ? order.indexOf(arm.id) : order.length);
  return [...arms].sort((a, b) => at(a) - at(b));
}

/** @param options.keys percentiles to show; all, unless told */
export function timesTable(
  report: BenchReport,
  options: { keys?: readonly PercentileKey[]; naming?: Naming } = {},
): Table {
  const { keys = PERCENTILE_KEYS } = options;
  const { name } = options.naming ?? IN_FULL;
  const ranked = RANKED.filter((percent) => report.rankings.length > 0 && keys.includes(`p${percent}`));
  const rankHeads = ranked.map((percent, at) => (at === 0 ? `rank p${percent}` : `p${percent}`));
  const heads = ['first content, ms', 'n', ...keys, ...rankHeads];
  const answered = report.arms.some(({ response }) => response);
  const rows = (answered ? ordered(report) : []).map((one) => [
    name(one.arm.id),
    String(one.response?.count ?? 0),
    ...keys.map((key) => estimateText(one.response?.[key])),
    ...ranked.map((percent) => place(report.rankings, percent, one.arm.id)),
  ]);
  return { title: 'Time to first content', heads, rows };
}

/** What each change in the way of asking did; `undefined` where nothing was varied. */
export function waysTable(report: BenchReport, { short }: Naming = IN_FULL): Table | undefined {
  const inFull = short === IN_FULL.short;
  const rows = report.ways.map(({ armId, againstId, changed, usual, differences }) => [
    inFull ? plainText(armId) : `${short(againstId)} → ${short(armId)}`,
    inFull ? `${changed} instead of ${usual}` : changed,
    ...[50, 95].map((percent) => changeText(differences.find((one) => one.percent === percent))),
  ]);
  const heads = ['ms', 'changed', 'p50', 'p95'];
  return rows.length === 0
    ? undefined
    : { title: 'What the way of asking changes: first content', heads, rows };
}

const kindsText = ({ failures }: ArmReport) =>
  (failures?.kinds ?? []).map(({ kind, count }) => `${plainText(kind)} ${count}`).join(', ') || NONE;

/** @param options.narrow leaves the intervals out */
export function steadinessTable(
  report: BenchReport,
  options: { narrow?: boolean; naming?: Naming } = {},
): Table {
  const { name } = options.naming ?? IN_FULL;
  const intervals = (...cells: string[]) => (options.narrow ? [] : cells);
  const rows = ordered(report).map((one) => [
    name(one.arm.id),
    countOf(one.stragglers),
    ...intervals(rateInterval(one.stragglers)),
    ms(one.stragglers?.overMs),
    countOf(one.failures),
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

export function feltTable(report: BenchReport, { name }: Naming = IN_FULL): Table {
  const rows = ordered(report).map((one) => [
    name(one.arm.id),
    ms(one.firstClause?.p50.valueMs),
    ms(one.felt?.p50Ms),
    ms(one.felt?.p95Ms),
    one.felt ? percentText(one.felt.overOneSecond) : NONE,
    one.felt ? percentText(one.felt.overTwoSeconds) : NONE,
  ]);
  const heads = ['arm', 'clause p50', 'gap p50', 'gap p95', 'over 1 s', 'over 2 s'];
  return { title: 'What a caller would feel', heads, rows };
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

/** Phases that a narrow terminal does without. */
const WIDE_ONLY: readonly PhaseName[] = ['connection', 'end'];

/** Medians of the phases one after another, and what the provider tells of its own time and tokens. */
export function phasesTable(report: BenchReport, options: { narrow?: boolean; naming?: Naming } = {}): Table {
  const { name } = options.naming ?? IN_FULL;
  const left = options.narrow ? WIDE_ONLY : [];
  const seen = PHASES.filter(
    (phase) =>
      !left.includes(phase) && report.arms.some(({ phases }) => phases.some((one) => one.phase === phase)),
  );
  const told = report.arms.some(
    ({ work }) => work.queueP50Ms !== undefined || work.prefillP50Ms !== undefined,
  );
  const rows = ordered(report).map((one) => [
    name(one.arm.id),
    ...seen.map((phase) => ms(one.phases.find((figures) => figures.phase === phase)?.p50Ms)),
    ...(told ? [ms(one.work.queueP50Ms), ms(one.work.prefillP50Ms)] : []),
  ]);
  const heads = ['p50, ms', ...seen.map(phaseText), ...(told ? ['told: queue', 'prefill'] : [])];
  return { title: 'Where the time goes: phases one after another', heads, rows };
}

/** Tokens and bytes; what was left of the limits at the least, where a provider told. */
export function workTable(report: BenchReport, { name }: Naming = IN_FULL): Table {
  const limited = report.arms.some(
    ({ work }) => work.leastRequestsLeft !== undefined || work.leastTokensLeft !== undefined,
  );
  const rows = ordered(report).map((one) => {
    const { work } = one;
    const count = (value: number | undefined) => (value === undefined ? NONE : String(Math.round(value)));
    return [
      name(one.arm.id),
      count(work.promptTokensP50),
      work.cachedShare === undefined ? NONE : percentText(work.cachedShare),
      count(work.completionTokensP50),
      count(work.reasoningTokensP50),
      count(work.tokensPerSecondP50),
      count(work.bodyBytesP50),
      ...(limited ? [count(work.leastRequestsLeft), count(work.leastTokensLeft)] : []),
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
  const title = `Tokens (p50) and bytes${limited ? '; the least that was left of the limits' : ''}`;
  return { title, heads, rows };
}

export function languagesTable(report: BenchReport, { short }: Naming = IN_FULL): Table | undefined {
  const rows = ordered(report).flatMap((one) =>
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

const WHAT_IF_HEADS = ['pair', 'asked after', 'p50', 'p95', 'p99', 'p95 change', 'extra'];

/** Each primary with its best backup, or every pair. @param options.percents delays to show; all, unless told */
export function whatIfTable(
  report: BenchReport,
  options: { all?: boolean; percents?: readonly number[]; naming?: Naming } = {},
): Table | undefined {
  const { short } = options.naming ?? IN_FULL;
  const { percents } = options;
  const rowsOf = (pair: WhatIf) =>
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
  return rows.length === 0
    ? undefined
    : { title: 'What a hedge would have given', heads: WHAT_IF_HEADS, rows };
}
