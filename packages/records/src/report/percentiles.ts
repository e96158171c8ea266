import { toMarkGrid } from '@firstword/turn';
import { percentileInterval, resampledRanks } from '@firstword/turn/statistics';
import type { QueryEngine, SqlValue } from '../engine/engine.js';
import type { Estimate } from './distribution.js';

/** The percentiles of a report. */
export const REPORT_PERCENTS = [50, 90, 95, 99] as const;

/** Percentiles of one set of turns. */
export interface Percentiles {
  count: number;
  p50: Estimate;
  p90: Estimate;
  p95: Estimate;
  p99: Estimate;
}

/** Where the 95 % interval of a percentile ends, as fractions of the sorted values. */
function fractionsOf(count: number, percent: number, seed: number): [number, number] {
  const { low, high } = percentileInterval(resampledRanks(count, percent, { seed }));
  const last = count - 1;
  return [low / last, high / last];
}

/** A selection of turns, as SQL over `turns` (or another table) with its values. */
export interface TurnFilter {
  sql: string;
  /** Another table than `turns`. */
  table?: string;
  values?: SqlValue[];
}

/** Number of turns that have `measure`. */
export async function countOf(
  engine: QueryEngine,
  measure: string,
  where: TurnFilter = { sql: 'true' },
): Promise<number> {
  const sql = `SELECT count(${measure})::DOUBLE AS count FROM ${where.table ?? 'turns'} WHERE ${where.sql}`;
  const [found] = await engine.rows<{ count: number }>(sql, where.values ? { values: where.values } : {});
  return found!.count;
}

/**
 * Percentiles with their intervals of `measure` over the `count` turns that have it. DuckDB sorts and interpolates
 * (type 7, as `percentile` does).
 * @returns `undefined` where no turn has it
 */
export async function percentilesOf(
  engine: QueryEngine,
  options: { measure: string; count: number; where?: TurnFilter; seed?: number },
): Promise<Percentiles | undefined> {
  const { measure, count, where = { sql: 'true' }, seed = 1 } = options;
  if (count === 0) return undefined;
  const fractions = REPORT_PERCENTS.flatMap((percent) => [
    percent / 100,
    ...(count > 1 ? fractionsOf(count, percent, seed) : []),
  ]);
  const list = fractions.map((fraction) => Math.min(1, fraction)).join(', ');
  const [found] = await engine.rows<{ q: number[] }>(
    `SELECT quantile_cont(${measure}, [${list}]) AS q FROM ${where.table ?? 'turns'} WHERE ${where.sql}`,
    where.values ? { values: where.values } : {},
  );
  const each = fractions.length / REPORT_PERCENTS.length;
  const [p50, p90, p95, p99] = REPORT_PERCENTS.map((_, at): Estimate => {
    const [valueMs, lowMs, highMs] = found!.q.slice(at * each, (at + 1) * each).map(toMarkGrid);
    return lowMs === undefined ? { valueMs: valueMs! } : { valueMs: valueMs!, lowMs, highMs: highMs! };
  }) as [Estimate, Estimate, Estimate, Estimate];
  return { count, p50, p90, p95, p99 };
}
