import { FirstwordError } from '@firstword/turn';
import type { TurnReport } from './turn-report.js';

/** An upper limit for a percentile. */
export interface Budget {
  percentile: 'p50' | 'p90' | 'p95' | 'p99';
  maxMs: number;
}

/** A budget with the value that was measured. The interval is informative: `kept` depends on `valueMs` alone. */
export interface BudgetResult extends Budget {
  /** `undefined` where no turn has a gap; the budget then counts as exceeded. */
  valueMs: number | undefined;
  lowMs: number | undefined;
  highMs: number | undefined;
  kept: boolean;
}

const PART = /^(p50|p90|p95|p99)\s*=\s*(\d+(?:\.\d+)?)(?:ms)?$/;

/**
 * Reads `p95=900` or `p50=600,p95=900`, in ms.
 * @throws FirstwordError `bad_input`
 */
export function parseBudget(text: string): Budget[] {
  return text.split(',').map((part) => {
    const [, percentile, maxMs] = PART.exec(part.trim()) ?? [];
    if (!percentile) {
      const message = `"${part.trim()}" is not a budget: write p95=900 (p50, p90, p95 or p99, in ms; several with commas)`;
      throw new FirstwordError('bad_input', message);
    }
    return { percentile: percentile as Budget['percentile'], maxMs: Number(maxMs) };
  });
}

/** Checks a report against budgets. The value decides, not its interval. */
export function checkBudget(report: TurnReport, budgets: readonly Budget[]): BudgetResult[] {
  return budgets.map((budget) => {
    const found = report.gap?.[budget.percentile];
    return {
      ...budget,
      valueMs: found?.valueMs,
      lowMs: found?.lowMs,
      highMs: found?.highMs,
      kept: found !== undefined && found.valueMs <= budget.maxMs,
    };
  });
}
