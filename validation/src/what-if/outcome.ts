import { whatIf } from '@firstword/doctor';
import { findProfile } from '@firstword/emulator';
import type { TurnRecord } from '@firstword/turn';
import { ascending, percentile } from '@firstword/turn/statistics';
import { nameOf, type WhatIfPair } from './pairs.js';

/** A prediction counts as correct if its error is at most this share of the measured value. */
export const TOLERANCE = 0.2;

/** One percentile of the felt gap, ms: measured without the lever, predicted with it, measured with it. */
export interface Prediction {
  offMs: number;
  predictedMs: number;
  onMs: number;
  isWithinTolerance: boolean;
}

/** Prediction and measurement of one pair. */
export interface PairOutcome {
  name: string;
  turns: { off: number; on: number; replayed: number };
  p50: Prediction;
  p95: Prediction;
}

const gapsOf = (records: readonly TurnRecord[]): number[] =>
  ascending(records.flatMap(({ feltGapMs }) => feltGapMs ?? []));

/** Compares the prediction from the turns without the lever with the turns with it. */
export function outcomeOf(
  pair: WhatIfPair,
  played: { off: readonly TurnRecord[]; on: readonly TurnRecord[] },
): PairOutcome {
  const { gap } = whatIf(played.off, {
    set: pair.set,
    figuresOf: (name) => {
      const profile = findProfile(name);
      return profile && { ...profile.ttft, source: profile.source };
    },
  });
  if (!gap) throw new Error(`${nameOf(pair)} changes no felt gap`);
  const on = gapsOf(played.on);
  const predictionOf = (percent: 50 | 95): Prediction => {
    const { before, after } = gap[`p${percent}`];
    const onMs = percentile(on, percent);
    const isWithinTolerance = Math.abs(after.valueMs - onMs) <= TOLERANCE * onMs;
    return { offMs: before.valueMs, predictedMs: after.valueMs, onMs, isWithinTolerance };
  };
  return {
    name: nameOf(pair),
    turns: { off: played.off.length, on: on.length, replayed: gap.replayed },
    p50: predictionOf(50),
    p95: predictionOf(95),
  };
}

const ms = (value: number): string => String(Math.round(value)).padStart(6);

function cells({ offMs, predictedMs, onMs, isWithinTolerance }: Prediction): string {
  const off = ((predictedMs / onMs - 1) * 100).toFixed(0);
  return `${ms(offMs)}${ms(predictedMs)}${ms(onMs)} ${`${Number(off) > 0 ? '+' : ''}${off} %`.padStart(7)}${isWithinTolerance ? ' ' : '!'}`;
}

/** The outcomes as a table. */
export function outcomeText(outcomes: readonly PairOutcome[]): string {
  const title = '   off  pred.    on   error ';
  const rows = outcomes.map(
    ({ name, turns, p50, p95 }) =>
      `${name.padEnd(50)}${String(turns.on).padStart(5)} ${cells(p50)} ${cells(p95)}`,
  );
  const both = outcomes.filter(({ p50, p95 }) => p50.isWithinTolerance && p95.isWithinTolerance).length;
  const each = outcomes.flatMap(({ p50, p95 }) => [p50, p95]);
  const close = each.filter(({ isWithinTolerance }) => isWithinTolerance).length;
  return [
    `${'p50, p95 of the felt gap, ms'.padEnd(50)}    n ${title} ${title}`,
    ...rows,
    `within ±${TOLERANCE * 100} %: both percentiles of ${both} of ${outcomes.length} pairs (${Math.round((100 * both) / outcomes.length)} %); ${close} of ${each.length} percentiles`,
  ].join('\n');
}
