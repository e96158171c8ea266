import { ascending, type Interval, intervalOf, percentile } from '@firstword/turn/statistics';
import type { RecordedPause } from './pause.js';
import { type Policy, probabilityAt } from './policies.js';

/** A figure and its 95 % interval, lines drawn together with all their voices. */
export interface Figure {
  value: number;
  interval?: Interval;
}

/** What a policy comes to on recorded pauses. */
export interface PolicyFigures {
  policy: string;
  /** Lines' ends, and their commit delays: from the last speech sample to the commit, ms. */
  ends: number;
  p50Ms: Figure;
  p95Ms: Figure;
  /** Spoken lines, and the share of them in which a pause was taken for the end. */
  lines: number;
  cutLines: number;
  cutShare: Figure;
}

/** Whether the policy commits before a session hears that the caller goes on. */
function cuts({ waitMs }: Policy, pause: RecordedPause): boolean {
  return pause.resumedAfterMs !== undefined && waitMs(pause) < pause.resumedAfterMs;
}

const spoken = (pause: RecordedPause) => `${pause.line}\n${pause.voice}`;

function cutLines(pauses: readonly RecordedPause[], policy: Policy): Set<string> {
  return new Set(pauses.filter((pause) => cuts(policy, pause)).map(spoken));
}

/** Every spoken line once, with whether it was cut. */
function lineCuts(pauses: readonly RecordedPause[], policy: Policy) {
  const cut = cutLines(pauses, policy);
  const lines = new Map(pauses.map((pause) => [spoken(pause), pause.line]));
  return [...lines].map(([key, line]) => ({ line, cut: cut.has(key) }));
}

const shareOf = (lines: readonly { cut: boolean }[]) => lines.filter(({ cut }) => cut).length / lines.length;

/** Share of the spoken lines in which a pause was taken for the end, 0 to 1. */
export function cutShareOf(pauses: readonly RecordedPause[], policy: Policy): number {
  return shareOf(lineCuts(pauses, policy));
}

/** Commit delays of the lines' ends, ms. */
export function commitDelays(pauses: readonly RecordedPause[], policy: Policy): number[] {
  return pauses.filter(({ end }) => end).map((pause) => pause.tailMs + policy.waitMs(pause));
}

function delayFigure(
  pauses: readonly RecordedPause[],
  policy: Policy,
  percent: number,
  seed: number,
): Figure {
  const at = (drawn: readonly RecordedPause[]) => percentile(ascending(commitDelays(drawn, policy)), percent);
  const ends = pauses.filter(({ end }) => end);
  const interval = intervalOf(ends, ({ line }) => line, at, { seed });
  return { value: at(ends), ...(interval ? { interval } : {}) };
}

/** @param pauses at least one of them an `end` */
export function evaluate(
  pauses: readonly RecordedPause[],
  policy: Policy,
  options: { seed?: number } = {},
): PolicyFigures {
  const { seed = 1 } = options;
  const lines = lineCuts(pauses, policy);
  const interval = intervalOf(lines, ({ line }) => line, shareOf, { seed });
  return {
    policy: policy.name,
    ends: pauses.filter(({ end }) => end).length,
    p50Ms: delayFigure(pauses, policy, 50, seed),
    p95Ms: delayFigure(pauses, policy, 95, seed),
    lines: lines.length,
    cutLines: lines.filter(({ cut }) => cut).length,
    cutShare: { value: shareOf(lines), ...(interval ? { interval } : {}) },
  };
}

/**
 * How well the model tells ends from pauses after so much silence: the share of pairs of the two in which the end has the
 * higher probability. 0.5 is chance, 1 is never wrong.
 */
export function modelSkill(pauses: readonly RecordedPause[], silenceMs: number): number {
  const of = (end: boolean) =>
    pauses.filter((pause) => pause.end === end).flatMap((pause) => probabilityAt(pause, silenceMs) ?? []);
  const [ends, inside] = [of(true), of(false)];
  let higher = 0;
  for (const end of ends) for (const other of inside) higher += end > other ? 1 : end === other ? 0.5 : 0;
  return higher / (ends.length * inside.length);
}
