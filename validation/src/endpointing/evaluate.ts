import { ascending, type Interval, intervalOf, percentile } from '@firstword/turn/statistics';
import type { RecordedPause } from './pause.js';
import { type Policy, probabilityAt } from './policies.js';

/** A figure with its 95 % bootstrap interval; resampling keeps all voices of a line together. */
export interface PolicyFigure {
  value: number;
  interval?: Interval;
}

/** Results of a policy on recorded pauses. */
export interface PolicyResult {
  policy: string;
  /** Number of line ends. */
  ends: number;
  /** Commit delays at line ends: from the last speech sample to the commit, ms. */
  p50Ms: PolicyFigure;
  p95Ms: PolicyFigure;
  /** Number of spoken lines. */
  lines: number;
  /** Lines that were cut off: the turn was committed at a pause inside the line. */
  cutLines: number;
  cutShare: PolicyFigure;
}

/** Whether the policy commits before a session detects that the caller continues. */
export function cutsOff({ waitMs }: Policy, pause: RecordedPause): boolean {
  return pause.resumedAfterMs !== undefined && waitMs(pause) < pause.resumedAfterMs;
}

const spoken = (pause: RecordedPause) => `${pause.line}\n${pause.voice}`;

function cutLines(pauses: readonly RecordedPause[], policy: Policy): Set<string> {
  return new Set(pauses.filter((pause) => cutsOff(policy, pause)).map(spoken));
}

/** Every spoken line once, with whether it was cut off. */
function lineCuts(pauses: readonly RecordedPause[], policy: Policy) {
  const cut = cutLines(pauses, policy);
  const lines = new Map(pauses.map((pause) => [spoken(pause), pause.line]));
  return [...lines].map(([key, line]) => ({ line, cut: cut.has(key) }));
}

const shareOf = (lines: readonly { cut: boolean }[]) => lines.filter(({ cut }) => cut).length / lines.length;

/** Share of the spoken lines that were cut off, 0 to 1. */
export function cutShareOf(pauses: readonly RecordedPause[], policy: Policy): number {
  return shareOf(lineCuts(pauses, policy));
}

/** Commit delays at the line ends, ms. */
export function commitDelays(pauses: readonly RecordedPause[], policy: Policy): number[] {
  return pauses.filter(({ end }) => end).map((pause) => pause.tailMs + policy.waitMs(pause));
}

function delayFigure(
  pauses: readonly RecordedPause[],
  policy: Policy,
  percent: number,
  seed: number,
): PolicyFigure {
  const at = (drawn: readonly RecordedPause[]) => percentile(ascending(commitDelays(drawn, policy)), percent);
  const ends = pauses.filter(({ end }) => end);
  const interval = intervalOf(ends, ({ line }) => line, at, { seed });
  return { value: at(ends), ...(interval ? { interval } : {}) };
}

/**
 * Evaluates a policy.
 * @param pauses recorded pauses, at least one of them an `end`
 */
export function evaluate(
  pauses: readonly RecordedPause[],
  policy: Policy,
  options: { seed?: number } = {},
): PolicyResult {
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
 * Area under the ROC curve of the end-of-turn model after this much silence: the share of pairs of an end and an inner
 * pause in which the end has the higher probability. 0.5 is chance, 1 is perfect.
 */
export function modelAuc(pauses: readonly RecordedPause[], silenceMs: number): number {
  const of = (end: boolean) =>
    pauses.filter((pause) => pause.end === end).flatMap((pause) => probabilityAt(pause, silenceMs) ?? []);
  const [ends, inside] = [of(true), of(false)];
  let higher = 0;
  for (const end of ends) for (const other of inside) higher += end > other ? 1 : end === other ? 0.5 : 0;
  return higher / (ends.length * inside.length);
}
