import { ascending, percentile } from '@firstword/turn/statistics';
import { auc } from './auc.js';
import { type BootstrappedFigure, bootstrapped } from './bootstrapped.js';
import type { RecordedPause } from './pause.js';
import { type Policy, probabilityAt } from './policies.js';

/** Results of a policy on recorded pauses. Intervals keep all voices of a line together. */
export interface PolicyResult {
  policy: string;
  /** Number of line ends. */
  ends: number;
  /** Commit delays at line ends: from the last speech sample to the commit, ms. */
  p50Ms: BootstrappedFigure;
  p95Ms: BootstrappedFigure;
  /** Number of spoken lines. */
  lines: number;
  /** Lines that were cut off: the turn was committed at a pause inside the line. */
  cutLines: number;
  cutShare: BootstrappedFigure;
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
): BootstrappedFigure {
  const at = (drawn: readonly RecordedPause[]) => percentile(ascending(commitDelays(drawn, policy)), percent);
  const ends = pauses.filter(({ end }) => end);
  return bootstrapped(ends, ({ line }) => line, at, { seed });
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
  return {
    policy: policy.name,
    ends: pauses.filter(({ end }) => end).length,
    p50Ms: delayFigure(pauses, policy, 50, seed),
    p95Ms: delayFigure(pauses, policy, 95, seed),
    lines: lines.length,
    cutLines: lines.filter(({ cut }) => cut).length,
    cutShare: bootstrapped(lines, ({ line }) => line, shareOf, { seed }),
  };
}

/** How well the end-of-turn model separates ends from inner pauses after this much silence: see `auc`. */
export function modelAuc(pauses: readonly RecordedPause[], silenceMs: number): number {
  return auc(
    pauses.flatMap((pause) => {
      const probability = probabilityAt(pause, silenceMs);
      return probability === undefined ? [] : [{ probability, end: pause.end }];
    }),
  );
}
