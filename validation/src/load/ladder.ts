import { type GapPair, pairedRatio, type RatioEstimate } from '@firstword/calls';
import { ascending, percentile } from '@firstword/turn/statistics';

/** A felt gap, and what it came after: the same line, with the same delays of the LLM, in every step. */
export interface LoadGap {
  line: string;
  gapMs: number;
}

/** What so many calls at once felt like. */
export interface LoadStep {
  calls: number;
  /** Felt gaps of all of them. */
  gaps: LoadGap[];
  /** Lines that nothing was said after, the first time that they were said. */
  lost: number;
  /** CPU time over wall time, in cores. */
  cores: number;
}

/** A step against one call alone. */
export interface LoadVerdict extends Omit<LoadStep, 'gaps'> {
  turns: number;
  p50Ms: number;
  p95Ms: number;
  /** This step's p95 over that of one call, on the lines that were answered in both. */
  ratio: RatioEstimate;
  holds: boolean;
}

/** p95 with others may be this much of p95 alone. */
export const MOST_RATIO = 1.15;

/** Every gap of a step beside that of the same line of one call alone. */
function pairsOf(step: LoadStep, alone: LoadStep): GapPair[] {
  const base = new Map(alone.gaps.map(({ line, gapMs }) => [line, gapMs]));
  return step.gaps.flatMap(({ line, gapMs }) => {
    const baseMs = base.get(line);
    return baseMs === undefined ? [] : [{ line, baseMs, otherMs: gapMs }];
  });
}

/** @param alone the step with one call */
export function verdictOf(step: LoadStep, alone: LoadStep): LoadVerdict {
  const { gaps, ...told } = step;
  const sorted = ascending(gaps.map(({ gapMs }) => gapMs));
  const at = (percent: number) =>
    sorted.length === 0 ? Number.POSITIVE_INFINITY : percentile(sorted, percent);
  const ratio = pairedRatio(pairsOf(step, alone), 95) ?? { ratio: Number.POSITIVE_INFINITY };
  return {
    ...told,
    turns: gaps.length,
    p50Ms: at(50),
    p95Ms: at(95),
    ratio,
    holds: ratio.ratio <= MOST_RATIO && step.lost === 0,
  };
}

function ratioText({ ratio, low, high }: RatioEstimate): string {
  if (low === undefined || high === undefined) return ratio.toFixed(2);
  return `${ratio.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;
}

/** For people, and for docs/: a row a step. */
export function renderLadder(steps: readonly LoadVerdict[]): string {
  const rows = steps.map(
    ({ calls, turns, p50Ms, p95Ms, ratio, lost, cores }) =>
      `| ${calls} | ${turns} | ${Math.round(p50Ms)} | ${Math.round(p95Ms)} | ${ratioText(ratio)} | ${lost} | ${cores.toFixed(2)} |`,
  );
  return [
    '| Calls at once | Turns | p50 ms | p95 ms | p95 against one call (95 % interval) | Lost turns | Cores used |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}
