import { type GapPair, pairedRatio, type RatioEstimate } from '@firstword/calls';
import { ascending, percentile } from '@firstword/turn/statistics';

/** A felt gap and its line. A line has the same LLM delays in every step, so gaps are compared per line. */
export interface LoadGap {
  line: string;
  gapMs: number;
}

/** Measurements with a number of concurrent calls. */
export interface LoadStep {
  calls: number;
  /** Felt gaps of all calls. */
  gaps: LoadGap[];
  /** Lines without an answer to their first attempt. */
  lost: number;
  /** CPU time divided by wall time: cores used. */
  cores: number;
}

/** A step compared with a single call. */
export interface LoadVerdict extends Omit<LoadStep, 'gaps'> {
  turns: number;
  p50Ms: number;
  p95Ms: number;
  /** p95 of this step divided by p95 of a single call, over the lines that were answered in both. */
  ratio: RatioEstimate;
  /** Whether the ratio is within `MAX_P95_RATIO` and no line was lost. */
  holds: boolean;
}

/** Largest acceptable ratio of the p95 of a step to the p95 of a single call. */
export const MAX_P95_RATIO = 1.15;

/** Pairs every gap of a step with the gap of the same line in a single call. */
function pairsOf(step: LoadStep, alone: LoadStep): GapPair[] {
  const base = new Map(alone.gaps.map(({ line, gapMs }) => [line, gapMs]));
  return step.gaps.flatMap(({ line, gapMs }) => {
    const baseMs = base.get(line);
    return baseMs === undefined ? [] : [{ line, baseMs, otherMs: gapMs }];
  });
}

/**
 * Compares a step with a single call.
 * @param alone the step with one call
 */
export function verdictOf(step: LoadStep, alone: LoadStep): LoadVerdict {
  const { gaps, ...counts } = step;
  const sorted = ascending(gaps.map(({ gapMs }) => gapMs));
  const at = (percent: number) =>
    sorted.length === 0 ? Number.POSITIVE_INFINITY : percentile(sorted, percent);
  const ratio = pairedRatio(pairsOf(step, alone), 95) ?? { ratio: Number.POSITIVE_INFINITY };
  return {
    ...counts,
    turns: gaps.length,
    p50Ms: at(50),
    p95Ms: at(95),
    ratio,
    holds: ratio.ratio <= MAX_P95_RATIO && step.lost === 0,
  };
}

function ratioText({ ratio, low, high }: RatioEstimate): string {
  if (low === undefined || high === undefined) return ratio.toFixed(2);
  return `${ratio.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;
}

/** The steps as a Markdown table. */
export function renderLoadSteps(steps: readonly LoadVerdict[]): string {
  const rows = steps.map(
    ({ calls, turns, p50Ms, p95Ms, ratio, lost, cores }) =>
      `| ${calls} | ${turns} | ${Math.round(p50Ms)} | ${Math.round(p95Ms)} | ${ratioText(ratio)} | ${lost} | ${cores.toFixed(2)} |`,
  );
  return [
    '| Concurrent calls | Turns | p50 ms | p95 ms | p95 relative to one call (95 % interval) | Lost turns | Cores used |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}
