import { countText, type Estimate, plainText, plural } from '@firstword/records';
import { roundMs, roundPercent } from '@firstword/turn/display';
import type { BenchArmReport } from '../analyse/arm-report.js';
import type { Rate } from '../analyse/binomial.js';
import type { ArmDifference } from '../analyse/difference.js';
import { samplesToClose } from '../analyse/quantile.js';
import type { Ranking } from '../analyse/ranking.js';
import type { BenchReport } from '../analyse/report.js';
import type { HedgeWhatIf, HedgeWhatIfRow } from '../analyse/what-if.js';
import type { RunFile } from '../run-file.js';

/** Stands for a missing value in every table. */
export const NONE = '–';

/** Milliseconds for a table, rounded by `roundMs`. `–` where missing. */
export const ms = (value: number | undefined): string =>
  value === undefined ? NONE : String(roundMs(value)).replace('-', '−');

/** `180–300`; `≥ 180` where there are too few samples for an upper bound. */
export function intervalText({ lowMs, highMs }: Pick<Estimate, 'lowMs' | 'highMs'>): string {
  if (lowMs !== undefined && highMs !== undefined) return `${ms(lowMs)}–${ms(highMs)}`;
  if (lowMs !== undefined) return `≥ ${ms(lowMs)}`;
  return highMs === undefined ? '' : `≤ ${ms(highMs)}`;
}

/** A value with its interval: `220 (180–300)`. `–` where missing. */
export function estimateText(estimate: Estimate | undefined): string {
  if (!estimate) return NONE;
  const interval = intervalText(estimate);
  return interval === '' ? ms(estimate.valueMs) : `${ms(estimate.valueMs)} (${interval})`;
}

/** A share (0 to 1) as a percentage: `4.2 %`, or without decimals from 10 % on. */
export const percentText = (share: number): string => `${roundPercent(share)} %`;

/** `3 of 120` */
export const rateText = (rate: Rate | undefined): string =>
  rate ? `${countText(rate.count)} of ${countText(rate.of)}` : NONE;

/** The interval of a rate: `0.5–7.1 %` */
export const rateInterval = (rate: Rate | undefined): string =>
  rate ? `${roundPercent(rate.low)}–${roundPercent(rate.high)} %` : NONE;

/** US dollars: `$0.042`, `$1.20`. */
export const usd = (value: number): string => (value === 0 ? '$0' : `$${value.toFixed(value < 0.1 ? 3 : 2)}`);

/** The arm's id, safe to print. */
export const nameOf = ({ arm }: BenchArmReport): string => plainText(arm.id);

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

/** A notice that providers were emulated; `undefined` where none was. */
export function emulatedText({ arms }: BenchReport): string | undefined {
  const emulated = arms.filter(({ arm }) => arm.emulated).length;
  if (emulated === 0) return undefined;
  const who = emulated === arms.length ? 'All providers are' : `${emulated} of ${arms.length} arms are`;
  return `${who} emulated: published delays replayed on this machine. These are not measurements of a provider.`;
}

/** From this share of contaminated samples on, a notice appears above the tables. */
const CONTAMINATED_NOTICE_SHARE = 0.1;

/** A notice that load on this machine affected many samples; `undefined` below that share. */
export function contaminatedText({ arms }: BenchReport): string | undefined {
  const requests = arms.reduce((sum, one) => sum + one.requests, 0);
  const contaminated = arms.reduce((sum, one) => sum + one.contaminated.count, 0);
  if (requests === 0 || contaminated < CONTAMINATED_NOTICE_SHARE * requests) return undefined;
  return `This machine was busy: ${countText(contaminated)} of ${countText(requests)} samples are contaminated by its load. Measure again on a quieter machine; the notes below list the causes and the figures without these samples.`;
}

const listed = (names: readonly string[]) =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

/** A sentence lists at most this many names; the tables list all. */
const MOST_NAMES = 4;

const some = (names: readonly string[]) =>
  names.length <= MOST_NAMES
    ? listed(names)
    : listed([...names.slice(0, MOST_NAMES - 1), `${names.length - MOST_NAMES + 1} more`]);

const KIND_NAMES = { stt: 'STT', tts: 'TTS', realtime: 'Realtime' };

/** The fastest arm or the tie at the top, in one sentence, with the percentile that it is about. */
export function rankingText({ percent, kind, arms, tooFew }: Ranking): string {
  const [first] = arms;
  const how = `${kind ? `${KIND_NAMES[kind]}, fastest` : 'Fastest'} at p${percent}:`;
  if (!first) return `${how} no arm answered.`;
  const leaders = arms.filter(({ rank }) => rank === 1);
  const values = (these: typeof arms) =>
    these.map(({ armId, valueMs }) => `${plainText(armId)} ${ms(valueMs)} ms`);
  const undecided = leaders.filter(({ armId }) => tooFew.includes(armId));
  if (undecided.length > 0 && arms.length > 1) {
    const names = some(undecided.map(({ armId }) => plainText(armId)));
    return `${how} undecided, ${names} ${undecided.length === 1 ? 'has' : 'have'} fewer than ${samplesToClose(percent)} answers. So far ${some(values(leaders))}.`;
  }
  if (leaders.length === 1) return `${how} ${values(leaders)[0]}.`;
  const tie = leaders.length === arms.length ? 'a tie of all arms' : 'a tie';
  return `${how} ${tie}, no significant difference between ${some(values(leaders))}.`;
}

/** `1`, or `2 =` for a tie. */
export const rankText = ({ rank, tiedWith }: Ranking['arms'][number]): string =>
  tiedWith.length > 0 ? `${rank} =` : String(rank);

/** When the backup request is sent: `at once`, or `320 ms, p90` of the primary. */
export const delayText = ({ delayPercent, delayMs }: HedgeWhatIfRow): string =>
  delayPercent === 0 ? 'at once' : `${ms(delayMs)} ms, p${delayPercent}`;

const signed = (value: number) =>
  `${Math.round(value) > 0 ? '+' : Math.round(value) < 0 ? '−' : ''}${ms(Math.abs(value))}`;

/** Change of p95 by the hedge, ms: `−410 (−520 to −300)`. */
export function gainText({ p95GainMs, p95Gain }: HedgeWhatIfRow): string {
  if (p95GainMs === undefined) return NONE;
  return p95Gain
    ? `${signed(-p95GainMs)} (${signed(-p95Gain.high)} to ${signed(-p95Gain.low)})`
    : signed(-p95GainMs);
}

/** Change of a percentile, ms: `+110 (+95 to +130)`, or that it is not significant. */
export function changeText(change: ArmDifference | undefined): string {
  if (!change) return NONE;
  const { differenceMs, lowMs, highMs, verdict } = change;
  if (verdict === 'too-few') return `${signed(differenceMs)}, too few`;
  const interval = `${signed(lowMs)} to ${signed(highMs)}`;
  return verdict === 'no-difference-shown'
    ? `none significant (${interval})`
    : `${signed(differenceMs)} (${interval})`;
}

/** Extra requests as a share, with their cost per 1,000 turns where known. */
export const extraText = ({ extraShare, extraUsdPerThousand }: HedgeWhatIfRow): string =>
  `${percentText(extraShare)}${extraUsdPerThousand ? `, ${usd(extraUsdPerThousand)}` : ''}`;

/** Each primary with its best backup. */
export const bestPairs = ({ whatIf }: BenchReport): HedgeWhatIf[] => whatIf.filter(({ best }) => best);

/** The assumptions behind the simulated hedges, shown below their table. */
export const WHAT_IF_NOTE =
  'Hedging is simulated from the samples, assuming that the two latencies are independent and that the losing request is ' +
  'billed in full. When the primary fails, the backup is requested at once. Extra: additional requests, and their cost ' +
  'per 1,000 turns. A backup at the same provider is slow at the same times: expect about half of the gain.';
