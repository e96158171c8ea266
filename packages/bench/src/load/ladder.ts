import { percentile } from '@firstword/measure';
import { ascending } from '../compare/bootstrap.js';

/** What so many calls at once felt like. */
export interface LoadStep {
  calls: number;
  /** Felt gaps of all of them, ms. */
  gapsMs: number[];
  /** Lines that nothing was said after. */
  lost: number;
  /** CPU time over wall time, in cores. */
  cores: number;
}

/** A step against one call alone. */
export interface LoadVerdict extends Omit<LoadStep, 'gapsMs'> {
  turns: number;
  p50Ms: number;
  p95Ms: number;
  /** This step's p95 over that of one call. */
  ratio: number;
  holds: boolean;
}

/** p95 with others may be this much of p95 alone. */
export const MOST_RATIO = 1.15;

/** @param alone the step with one call */
export function verdictOf(step: LoadStep, alone: LoadStep): LoadVerdict {
  const at = (gapsMs: number[], percent: number) =>
    gapsMs.length === 0 ? Number.POSITIVE_INFINITY : percentile(ascending(gapsMs), percent);
  const { gapsMs, ...told } = step;
  const p95Ms = at(gapsMs, 95);
  const ratio = p95Ms / at(alone.gapsMs, 95);
  return {
    ...told,
    turns: gapsMs.length,
    p50Ms: at(gapsMs, 50),
    p95Ms,
    ratio,
    holds: ratio <= MOST_RATIO && step.lost === 0,
  };
}

/** For people, and for docs/: a row a step. */
export function renderLadder(steps: readonly LoadVerdict[]): string {
  const rows = steps.map(
    ({ calls, turns, p50Ms, p95Ms, ratio, lost, cores }) =>
      `| ${calls} | ${turns} | ${Math.round(p50Ms)} | ${Math.round(p95Ms)} | ${ratio.toFixed(2)} | ${lost} | ${cores.toFixed(2)} |`,
  );
  return [
    '| Calls at once | Turns | p50 ms | p95 ms | p95 against one call | Lost turns | Cores used |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}
