import { FirstwordError, unknownName } from '@firstword/turn';
import { SILENCES, type SilenceName, type TurnReport } from './turn-report.js';

/** The percentiles that a limit may be for. */
const PERCENTILES = ['p50', 'p90', 'p95', 'p99'] as const;

/** An upper limit for a percentile. */
export interface PercentileLimit {
  /** The silence that it is for; absent for the felt gap. */
  silence?: SilenceName;
  percentile: (typeof PERCENTILES)[number];
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

const LIMIT = /^(?:(\w+)\.)?(\w+)\s*=\s*(\d+(?:\.\d+)?)\s*(ms|%)?$/;

const isPercentile = (name: string): name is PercentileLimit['percentile'] =>
  PERCENTILES.some((known) => known === name);
const isSilence = (name: string): name is SilenceName => SILENCES.some((known) => known === name);

function refuse(part: string): never {
  const message = `"${part}" is not a budget: write p95=900 (p50, p90, p95 or p99, in ms), hello.p95=1500 (${SILENCES.join(', ')}) or failed=1 (percent of the turns), several with commas`;
  throw new FirstwordError('bad_input', message);
}

function addLimit(budget: Budget, part: string): void {
  const [, silence, name, value, unit] = LIMIT.exec(part) ?? [];
  if (name === undefined) refuse(part);
  if (silence !== undefined && !isSilence(silence)) throw unknownName('silence', silence, SILENCES);
  if (name === 'failed' && silence === undefined) {
    if (unit === 'ms' || Number(value) > 100) refuse(part);
    budget.maxFailedShare = Number(value) / 100;
    return;
  }
  if (!isPercentile(name)) {
    const known = silence === undefined ? [...PERCENTILES, 'failed'] : PERCENTILES;
    throw unknownName('limit', name, known);
  }
  if (unit === '%') refuse(part);
  budget.percentiles.push({
    ...(silence === undefined ? {} : { silence }),
    percentile: name,
    maxMs: Number(value),
  });
}

/**
 * Reads `p95=900`, `p50=600,p95=900` (ms), `hello.p95=1500 tool.p95=1200` and `failed=1` (percent of the turns).
 * @throws FirstwordError `bad_input`, with the nearest name for one that does not exist
 */
export function parseBudget(text: string): Budget {
  const budget: Budget = { percentiles: [], maxFailedShare: 0 };
  const parts = text.replace(/\s*=\s*/g, '=').split(/[,\s]+/);
  for (const part of parts.some((one) => one !== '') ? parts : [text]) addLimit(budget, part);
  return budget;
}

/** Checks a report against a budget. The value decides, not its interval. */
export function checkBudget(report: TurnReport, budget: Budget): BudgetResult {
  const percentiles = budget.percentiles.map((limit): PercentileResult => {
    const gap = limit.silence === undefined ? report.gap : report.silences[limit.silence]?.gap;
    const found = gap?.[limit.percentile];
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
