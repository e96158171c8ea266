import { countText, type Estimate, plainText, plural, wholeMs } from '@firstword/records';
import type { ArmReport } from '../analyse/arm-report.js';
import type { Rate } from '../analyse/binomial.js';
import type { Difference } from '../analyse/difference.js';
import { samplesToClose } from '../analyse/quantile.js';
import type { Ranking } from '../analyse/ranking.js';
import type { BenchReport } from '../analyse/report.js';
import type { WhatIf, WhatIfRow } from '../analyse/what-if.js';
import type { RunFile } from '../run-file.js';

/** What a run says in words, the same in every form that it is shown in. */

export const NONE = '–';

/** Milliseconds for a table: tenths under ten. */
export const ms = (value: number | undefined): string =>
  value === undefined ? NONE : Math.abs(value) < 10 ? String(Number(value.toFixed(1))) : wholeMs(value);

/** `180–300`; `≥ 180` where so few samples tell no upper end. */
export function intervalText({ lowMs, highMs }: Pick<Estimate, 'lowMs' | 'highMs'>): string {
  if (lowMs !== undefined && highMs !== undefined) return `${ms(lowMs)}–${ms(highMs)}`;
  if (lowMs !== undefined) return `≥ ${ms(lowMs)}`;
  return highMs === undefined ? '' : `≤ ${ms(highMs)}`;
}

export function estimateText(estimate: Estimate | undefined): string {
  if (!estimate) return NONE;
  const interval = intervalText(estimate);
  return interval === '' ? ms(estimate.valueMs) : `${ms(estimate.valueMs)} (${interval})`;
}

export const percentText = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;

/** `3 of 120` */
export const countOf = (rate: Rate | undefined): string =>
  rate ? `${countText(rate.count)} of ${countText(rate.of)}` : NONE;

/** The interval of a rate: `0.5–7.1 %` */
export const rateInterval = (rate: Rate | undefined): string =>
  rate ? `${(rate.low * 100).toFixed(1)}–${(rate.high * 100).toFixed(1)} %` : NONE;

export const usd = (value: number): string => (value === 0 ? '$0' : `$${value.toFixed(value < 0.1 ? 3 : 2)}`);

export const nameOf = ({ arm }: ArmReport): string => plainText(arm.id);

/** `2 min 30 s` */
function lengthText(fromAt: string, toAt: string): string {
  const seconds = Math.max(0, Math.round((Date.parse(toAt) - Date.parse(fromAt)) / 1000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** `4 arms · 480 requests · 2026-11-24 08:00 UTC · 2 min 0 s · eu-west` */
export function headline(run: RunFile, report: BenchReport): string {
  const requests = report.arms.reduce((sum, arm) => sum + arm.requests, 0);
  return [
    plural(report.arms.length, 'arm'),
    `${plural(requests, 'counted request')}`,
    `${run.startedAt.slice(0, 16).replace('T', ' ')} UTC`,
    lengthText(run.startedAt, run.finishedAt),
    ...(run.machine.region === undefined ? [] : [plainText(run.machine.region)]),
  ].join(' · ');
}

/** Says that providers were emulated, where some were. */
export function emulatedText({ arms }: BenchReport): string | undefined {
  const emulated = arms.filter(({ arm }) => arm.emulated).length;
  if (emulated === 0) return undefined;
  const who = emulated === arms.length ? 'All providers are' : `${emulated} of ${arms.length} arms are`;
  return `${who} emulated: published delays, played on this machine. They are no provider’s figures from here.`;
}

/** From this share on, spoiled samples are told of first. */
const MUCH_SPOILED = 0.1;

/** Says that this machine may have made the figures, where it had a hand in many samples. */
export function spoiledText({ arms }: BenchReport): string | undefined {
  const requests = arms.reduce((sum, one) => sum + one.requests, 0);
  const spoiled = arms.reduce((sum, one) => sum + one.spoiled.count, 0);
  if (requests === 0 || spoiled < MUCH_SPOILED * requests) return undefined;
  return `This machine was busy: ${countText(spoiled)} of ${countText(requests)} samples may tell more of it than of the providers. Measure again on a quieter one; the notes below have the kinds, and the figures without them.`;
}

const listed = (names: readonly string[]) =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

/** More names than these nobody reads in a sentence: the tables have all. */
const MOST_NAMES = 4;

const some = (names: readonly string[]) =>
  names.length <= MOST_NAMES
    ? listed(names)
    : listed([...names.slice(0, MOST_NAMES - 1), `${names.length - MOST_NAMES + 1} more`]);

const HOW_FAST = { 50: 'usually (p50)', 95: 'nearly always (p95)' } as const;

/** Who is first, and whether that is shown. */
export function rankingText({ percent, arms, tooFew }: Ranking): string {
  const [first] = arms;
  if (!first) return `Fastest ${HOW_FAST[percent]}: nobody answered.`;
  const leaders = arms.filter(({ rank }) => rank === 1);
  const values = (these: typeof arms) =>
    these.map(({ armId, valueMs }) => `${plainText(armId)} ${ms(valueMs)} ms`);
  const untold = leaders.filter(({ armId }) => tooFew.includes(armId));
  const how = `Fastest ${HOW_FAST[percent]}:`;
  if (untold.length > 0 && arms.length > 1) {
    const names = some(untold.map(({ armId }) => plainText(armId)));
    return `${how} cannot be told, ${names} ${untold.length === 1 ? 'has' : 'have'} under ${samplesToClose(percent)} answers. So far ${some(values(leaders))}.`;
  }
  if (leaders.length === 1) return `${how} ${values(leaders)[0]}.`;
  const tie = leaders.length === arms.length ? 'a tie of all' : 'a tie';
  return `${how} ${tie}, no difference is shown between ${some(values(leaders))}.`;
}

/** `1`, or `2 =` for a tie. */
export const placeText = ({ rank, tiedWith }: Ranking['arms'][number]): string =>
  tiedWith.length > 0 ? `${rank} =` : String(rank);

/** When the backup is asked. */
export const delayText = ({ delayPercent, delayMs }: WhatIfRow): string =>
  delayPercent === 0 ? 'at once' : `${ms(delayMs)} ms, p${delayPercent}`;

const signed = (value: number) =>
  `${Math.round(value) > 0 ? '+' : Math.round(value) < 0 ? '−' : ''}${ms(Math.abs(value))}`;

/** How p95 changes by a hedge: `−410 (−520 to −300)`. */
export function gainText({ p95GainMs, p95Gain }: WhatIfRow): string {
  if (p95GainMs === undefined) return NONE;
  return p95Gain
    ? `${signed(-p95GainMs)} (${signed(-p95Gain.high)} to ${signed(-p95Gain.low)})`
    : signed(-p95GainMs);
}

/** How a percentile changed: `+110 (+95 to +130)`, or that this is not shown. */
export function changeText(change: Difference | undefined): string {
  if (!change) return NONE;
  const { differenceMs, lowMs, highMs, verdict } = change;
  if (verdict === 'too-few') return `${signed(differenceMs)}, too few`;
  const interval = `${signed(lowMs)} to ${signed(highMs)}`;
  return verdict === 'no-difference-shown'
    ? `none shown (${interval})`
    : `${signed(differenceMs)} (${interval})`;
}

export const extraText = ({ extraShare, extraUsdPerThousand }: WhatIfRow): string =>
  `${percentText(extraShare)}${extraUsdPerThousand ? `, ${usd(extraUsdPerThousand)}` : ''}`;

/** The pairs worth a look first: each primary with its best backup. */
export const bestPairs = ({ whatIf }: BenchReport): WhatIf[] => whatIf.filter(({ best }) => best);

export const WHAT_IF_NOTE =
  'From the samples, as if the two were slow independently and the loser were paid in full; a failure is never answered ' +
  'by a model alone, and asks the backup at once. Extra: second requests, and ' +
  'what 1,000 turns pay for them. A backup at the same provider shares its bad moments: expect half of such a gain.';
