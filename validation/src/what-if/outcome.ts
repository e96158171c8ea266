import { whatIf } from '@firstword/doctor';
import { findProfile } from '@firstword/emulator';
import type { TurnRecord } from '@firstword/turn';
import { ascending, percentile } from '@firstword/turn/statistics';
import { nameOf, type WhatIfPair } from './pairs.js';

/** A prediction is good within this much of what was measured, as a share of it. */
export const CLOSE = 0.2;

/** One percentile: without the lever, predicted from that, and measured with it; ms. */
export interface Prediction {
  offMs: number;
  predictedMs: number;
  onMs: number;
  isClose: boolean;
}

export interface PairOutcome {
  name: string;
  turns: { off: number; on: number; replayed: number };
  p50: Prediction;
  p95: Prediction;
}

const gapsOf = (records: readonly TurnRecord[]): number[] =>
  ascending(records.flatMap(({ feltGapMs }) => feltGapMs ?? []));

/** What was predicted from the turns without the lever, against those with it. */
export function outcomeOf(
  pair: WhatIfPair,
  played: { off: readonly TurnRecord[]; on: readonly TurnRecord[] },
): PairOutcome {
  const found = whatIf(played.off, {
    set: pair.set,
    figuresOf: (name) => {
      const profile = findProfile(name);
      return profile && { ...profile.ttft, source: profile.source };
    },
  });
  const on = gapsOf(played.on);
  const predictionOf = (percent: 50 | 95): Prediction => {
    const { before, after } = found[`p${percent}`];
    const onMs = percentile(on, percent);
    const isClose = Math.abs(after.valueMs - onMs) <= CLOSE * onMs;
    return { offMs: before.valueMs, predictedMs: after.valueMs, onMs, isClose };
  };
  return {
    name: nameOf(pair),
    turns: { off: played.off.length, on: on.length, replayed: found.turns.replayed },
    p50: predictionOf(50),
    p95: predictionOf(95),
  };
}

const ms = (value: number): string => String(Math.round(value)).padStart(6);

function cells({ offMs, predictedMs, onMs, isClose }: Prediction): string {
  const off = ((predictedMs / onMs - 1) * 100).toFixed(0);
  return `${ms(offMs)}${ms(predictedMs)}${ms(onMs)} ${`${Number(off) > 0 ? '+' : ''}${off} %`.padStart(7)}${isClose ? ' ' : '!'}`;
}

export function outcomeText(outcomes: readonly PairOutcome[]): string {
  const title = '   off  pred.    on   error ';
  const rows = outcomes.map(
    ({ name, turns, p50, p95 }) =>
      `${name.padEnd(50)}${String(turns.on).padStart(5)} ${cells(p50)} ${cells(p95)}`,
  );
  const both = outcomes.filter(({ p50, p95 }) => p50.isClose && p95.isClose).length;
  const each = outcomes.flatMap(({ p50, p95 }) => [p50, p95]);
  const close = each.filter(({ isClose }) => isClose).length;
  return [
    `${'p50, p95 of the felt gap, ms'.padEnd(50)}    n ${title} ${title}`,
    ...rows,
    `within ±${CLOSE * 100} %: both percentiles of ${both} of ${outcomes.length} pairs (${Math.round((100 * both) / outcomes.length)} %); ${close} of ${each.length} percentiles`,
  ].join('\n');
}
