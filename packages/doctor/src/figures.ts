import { ascending, percentile } from '@firstword/turn/statistics';
import type { Evidence, EvidenceTurn, TurnStage } from './evidence.js';
import type { Confidence, EvidenceLine, Saving, TurnRef } from './finding.js';
import { gainedMs } from './waited.js';

const NAMED_TURNS = 3;

/** The mean; 0 for no values. */
export const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/** The values of those turns that have one. */
export function valuesOf(
  turns: readonly EvidenceTurn[],
  of: (turn: EvidenceTurn) => number | undefined,
): number[] {
  return turns.flatMap((turn) => of(turn) ?? []);
}

/** The reference to a turn that a finding shows. */
export function refOf({ callId, turn, place }: EvidenceTurn): TurnRef {
  return { callId, turn, ...(place === '' ? {} : { place }) };
}

/** A line of evidence with its turns, the clearest examples first. */
export function evidenceLine(
  text: string,
  turns: readonly EvidenceTurn[],
  worth?: (turn: EvidenceTurn) => number,
): EvidenceLine {
  const best = worth ? [...turns].sort((a, b) => worth(b) - worth(a)) : turns;
  return { text, turns: turns.length, examples: best.slice(0, NAMED_TURNS).map(refOf) };
}

/** Saving of one turn: one figure, or minimum, likeliest and maximum. */
export type Amount = number | readonly [leastMs: number, likelyMs: number, mostMs: number];

const tripleOf = (amount: Amount): readonly [number, number, number] =>
  typeof amount === 'number' ? [amount, amount, amount] : amount;

/** The likeliest of an amount. */
export const likeliest = (amount: Amount): number => tripleOf(amount)[1];

/** 1.96 standard errors of a mean: its 95 % interval where there are a few values. */
function errorOf(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const middle = mean(values);
  const variance = values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
  return 1.96 * Math.sqrt(variance / values.length);
}

/** What the turn gains without these stages, once others are changed; `undefined` where it is not known or not asked for. */
function boundOf(
  turn: EvidenceTurn,
  stages: readonly TurnStage[],
  also: NonNullable<Evidence['alsoChanged']>,
): number | undefined {
  if (stages.length === 0 || also === 'everything else') return undefined;
  const gained = gainedMs(turn, ...stages, ...also);
  const before = also.length === 0 ? 0 : gainedMs(turn, ...also);
  return gained === undefined || before === undefined ? undefined : gained - before;
}

/**
 * Saving of a change on these turns. No turn can save more than its whole gap, or than it gains without the stages that the
 * change shortens: where other work ended shortly before, that would be waited for instead. The interval covers the assumptions (from
 * minimum to maximum) and the standard error of the mean.
 * @param stages that the change makes shorter; none for a change that moves work instead
 * @returns `undefined` where no turn would save anything
 */
export function savingOn(
  { answered, alsoChanged = [] }: Evidence,
  amountOf: (turn: EvidenceTurn) => Amount | undefined,
  assumes: string,
  stages: readonly TurnStage[] = [],
): Saving | undefined {
  const amounts = answered.map((turn) => {
    const triple = tripleOf(amountOf(turn) ?? 0);
    const bound = triple.some((ms) => ms > 0) ? boundOf(turn, stages, alsoChanged) : undefined;
    const most = Math.min(bound ?? Number.POSITIVE_INFINITY, turn.gapMs!);
    return triple.map((ms) => Math.min(Math.max(0, ms), most)) as [number, number, number];
  });
  const likely = amounts.map(([, ms]) => ms);
  const helped = likely.filter((ms) => ms > 0).length;
  if (helped === 0) return undefined;
  const before = ascending(answered.map(({ gapMs }) => gapMs!));
  const after = ascending(answered.map(({ gapMs }, at) => gapMs! - likely[at]!));
  const lessAt = (percent: number) => Math.max(0, percentile(before, percent) - percentile(after, percent));
  const error = errorOf(likely);
  return {
    meanMs: mean(likely),
    lowMs: Math.max(0, Math.min(mean(likely), mean(amounts.map(([least]) => least))) - error),
    highMs: Math.max(mean(likely), mean(amounts.map(([, , most]) => most))) + error,
    p50Ms: lessAt(50),
    p95Ms: lessAt(95),
    turns: helped,
    assumes,
    ...(stages.length === 0 ? {} : { stages }),
  };
}

/** One of the silences that a change shortens, and by how much, ms. */
export interface Shortened {
  ms: number;
  savedMs: number;
}

/**
 * Saving of a change on other silences than the felt gap: on the times to hello, or the silences of tools.
 * @returns `undefined` where none would be shorter
 */
export function savingOnSilences(silences: readonly Shortened[], assumes: string): Saving | undefined {
  const saved = silences.map(({ ms, savedMs }) => Math.min(Math.max(0, savedMs), ms));
  const helped = saved.filter((ms) => ms > 0).length;
  if (helped === 0) return undefined;
  const before = ascending(silences.map(({ ms }) => ms));
  const after = ascending(silences.map(({ ms }, at) => ms - saved[at]!));
  const lessAt = (percent: number) => Math.max(0, percentile(before, percent) - percentile(after, percent));
  const error = errorOf(saved);
  return {
    meanMs: mean(saved),
    lowMs: Math.max(0, mean(saved) - error),
    highMs: mean(saved) + error,
    p50Ms: lessAt(50),
    p95Ms: lessAt(95),
    turns: helped,
    assumes,
  };
}

/** Smaller savings than this in the mean, and than this at p95, are not reported. */
const MIN_MEAN_MS = 25;
const MIN_P95_MS = 120;

/** Whether a saving is large enough to report: on the mean turn, or at p95. */
export const isNoticeable = (saving: Saving | undefined): saving is Saving =>
  saving !== undefined && (saving.meanMs >= MIN_MEAN_MS || saving.p95Ms >= MIN_P95_MS);

/** Confidence that grows with the turns that show it: a third less for one turn, all of it from about eight. */
export function confidenceFrom(full: number, turns: number, why: string): Confidence {
  const value = full * (1 - 1 / (1 + 2 * Math.max(0, turns)));
  const few = turns < 4 ? `${turns === 1 ? 'one turn only' : `${turns} turns only`}; ` : '';
  return { value: Math.round(value * 100) / 100, why: `${few}${why}` };
}

/** Whole milliseconds with their unit, with thousands separated. */
export const ms = (value: number): string => `${Math.round(value).toLocaleString('en')} ms`;

/** A fraction as whole percent: `42 %`. */
export const percent = (share: number): string => `${Math.round(share * 100)} %`;
