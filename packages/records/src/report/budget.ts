import { FirstwordError } from '@firstword/turn';
import type { TurnReport } from './turn-report.js';

/** An upper limit for a percentile. */
export interface PercentileLimit {
  percentile: 'p50' | 'p90' | 'p95' | 'p99';
  maxMs: number;
}

/** Upper limits for a set of turns. */
export interface Budget {
  percentiles: PercentileLimit[];
  /** Largest share of turns that may fail, 0 to 1. Default 0: a failed turn has no gap that a percentile could show. */
  maxFailedShare: number;
}

/** A limit with the value that was measured. The interval is informative: `kept` depends on `valueMs` alone. */
export interface PercentileResult extends PercentileLimit {
  /** `undefined` where no turn has a gap; the limit then counts as exceeded. */
  valueMs: number | undefined;
  lowMs: number | undefined;
  highMs: number | undefined;
  kept: boolean;
}

/** A budget with what was measured. */
export interface BudgetResult {
  percentiles: PercentileResult[];
  failed: { maxShare: number; turns: number; of: number; kept: boolean };
  /** Whether every limit was kept. */
  kept: boolean;
}

const PERCENTILE = /^(p50|p90|p95|p99)\s*=\s*(\d+(?:\.\d+)?)(?:ms)?$/;
const FAILED = /^failed\s*=\s*(\d+(?:\.\d+)?)\s*%?$/;

/**
 * Reads `p95=900`, `p50=600,p95=900` (ms) and `failed=1` (percent of the turns).
 * @throws FirstwordError `bad_input`
 */
export function parseBudget(text: string): Budget {
  const budget: Budget = { percentiles: [], maxFailedShare: 0 };
  for (const part of text.split(',').map((one) => one.trim())) {
    const [, percentile, maxMs] = PERCENTILE.exec(part) ?? [];
    const [, failedPercent] = FAILED.exec(part) ?? [];
    if (percentile) {
      budget.percentiles.push({
        percentile: percentile as PercentileLimit['percentile'],
        maxMs: Number(maxMs),
      });
    } else if (failedPercent !== undefined && Number(failedPercent) <= 100) {
      budget.maxFailedShare = Number(failedPercent) / 100;
    } else {
      const message = `"${part}" is not a budget: write p95=900 (p50, p90, p95 or p99, in ms) or failed=1 (percent of the turns), several with commas`;
      throw new FirstwordError('bad_input', message);
    }
  }
  return budget;
}

/** Checks a report against a budget. The value decides, not its interval. */
export function checkBudget(report: TurnReport, budget: Budget): BudgetResult {
  const percentiles = budget.percentiles.map((limit): PercentileResult => {
    const found = report.gap?.[limit.percentile];
    return {
      ...limit,
      valueMs: found?.valueMs,
      lowMs: found?.lowMs,
      highMs: found?.highMs,
      kept: found !== undefined && found.valueMs <= limit.maxMs,
    };
  });
  const { turns } = report.failures;
  const maxShare = budget.maxFailedShare;
  const failed = { maxShare, turns, of: report.turns, kept: turns <= maxShare * report.turns };
  return { percentiles, failed, kept: failed.kept && percentiles.every(({ kept }) => kept) };
}
